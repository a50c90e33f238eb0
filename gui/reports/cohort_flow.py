"""The page breaks of the cohort report: tables, figures and words down the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtGui import QPainter

_KEPT_TOGETHER = 3
_SMALL = 0.45
"""A block that takes no more of a page than this is not broken."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is never broken: a row, a line of words, a figure; `draw` is given its top edge."""

    height: float
    draw: Callable[[QPainter, float], None]
    holds_next: bool = False
    """Whether it must not be the last of a page: the heading of what follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A table, a figure or some words: a title, a head above the rows, the rows, an end.

    On each further page that the rows continue on, `again` replaces the title above the head.
    """

    rows: tuple[Slip, ...]
    title: tuple[Slip, ...] = ()
    again: tuple[Slip, ...] = ()
    head: tuple[Slip, ...] = ()
    end: tuple[Slip, ...] = ()

    @property
    def height(self) -> float:
        """The height of the unbroken block."""
        return _sum((*self.title, *self.head, *self.rows, *self.end))


@dataclass(slots=True)
class Page:
    """The slips of a page, each with the distance from the top at which it begins."""

    slips: list[tuple[float, Slip]] = field(default_factory=list)


def pages(blocks: Iterable[Block], height: float, between: float) -> list[Page]:
    """Distribute blocks over pages of a height, with a space between blocks; at least one page.

    A title stays with its first rows, and the end of a block with its last. A slip that is higher
    than a page gets a page of its own.
    """
    flow = _Flow(height, between)
    for block in blocks:
        flow.place(block)
    return flow.pages


class _Flow:
    def __init__(self, height: float, between: float) -> None:
        self._height = height
        self._between = between
        self._y = 0.0
        self.pages = [Page()]

    @property
    def _room(self) -> float:
        return self._height - self._y

    def place(self, block: Block) -> None:
        """Put a block below the previous one, or on the next page."""
        if self._y:
            self._y += self._between
        first = _sum((*block.title, *block.head, *block.rows[:_KEPT_TOGETHER]))
        is_small = block.height <= _SMALL * self._height or len(block.rows) <= _KEPT_TOGETHER
        if (block.height if is_small else first) > self._room:
            self._turn()
        self._put((*block.title, *block.head))
        over = _sum((*block.again, *block.head))
        for group in _groups(block):
            # A new page helps only if it has more room for them than this one.
            if _sum(group) > self._room and self._y > over:
                self._turn()
                self._put((*block.again, *block.head))
            self._put(group)

    def _put(self, slips: Iterable[Slip]) -> None:
        for slip in slips:
            self.pages[-1].slips.append((self._y, slip))
            self._y += slip.height

    def _turn(self) -> None:
        if self.pages[-1].slips:
            self.pages.append(Page())
        self._y = 0.0


def _groups(block: Block) -> list[tuple[Slip, ...]]:
    """Group the rows with what must stay on their page: a heading with its first row, and so on.

    The last rows stay with the end, as many as are kept together at the start: a single row on a
    page is easily overlooked.
    """
    rows = list(block.rows)
    last_rows = min(len(rows), _KEPT_TOGETHER)
    last = (*rows[len(rows) - last_rows :], *block.end)
    groups: list[tuple[Slip, ...]] = []
    held: tuple[Slip, ...] = ()
    for row in rows[: len(rows) - last_rows]:
        held = (*held, row)
        if not row.holds_next:
            groups.append(held)
            held = ()
    return [*groups, (*held, *last)]


def _sum(slips: Iterable[Slip]) -> float:
    return sum(slip.height for slip in slips)
