"""The page breaks of the cohort report: lay out tables, figures and text on pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtGui import QPainter

_MIN_ROWS = 3
"""At least so many rows of a block are on its first and on its last page."""
_UNBROKEN_SHARE = 0.45
"""A block that takes no more than this share of a page is not broken."""


@dataclass(frozen=True, slots=True)
class FlowItem:
    """A row, a line of text or a figure, which is never broken; `draw` takes its top edge."""

    height: float
    draw: Callable[[QPainter, float], None]
    holds_next: bool = False
    """Whether it must not be the last on a page, such as the heading of a group of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A table, a figure or a text: a title, a head above the rows, the rows, and an end.

    If rows continue on another page, `continued_title` replaces the title above the head there.
    """

    rows: tuple[FlowItem, ...]
    title: tuple[FlowItem, ...] = ()
    continued_title: tuple[FlowItem, ...] = ()
    head: tuple[FlowItem, ...] = ()
    end: tuple[FlowItem, ...] = ()

    @property
    def height(self) -> float:
        """The height of the block if it is not broken."""
        return _total_height((*self.title, *self.head, *self.rows, *self.end))


@dataclass(slots=True)
class Page:
    """The items of a page, each with its distance from the top."""

    items: list[tuple[float, FlowItem]] = field(default_factory=list)


def lay_out(blocks: Iterable[Block], height: float, gap: float) -> list[Page]:
    """Return pages of a height with the blocks on them, a gap between blocks; at least one page.

    A title stays with the first rows of its block, and the end with the last. An item that is
    higher than a page gets a page of its own.
    """
    flow = _Flow(height, gap)
    for block in blocks:
        flow.add(block)
    return flow.pages


class _Flow:
    def __init__(self, height: float, gap: float) -> None:
        self._height = height
        self._gap = gap
        self._y = 0.0
        self.pages = [Page()]

    @property
    def _room(self) -> float:
        return self._height - self._y

    def add(self, block: Block) -> None:
        """Put a block below the previous one, or on the next page."""
        if self._y:
            self._y += self._gap
        first_height = _total_height((*block.title, *block.head, *block.rows[:_MIN_ROWS]))
        is_small = block.height <= _UNBROKEN_SHARE * self._height or len(block.rows) <= _MIN_ROWS
        if (block.height if is_small else first_height) > self._room:
            self._start_page()
        self._put((*block.title, *block.head))
        head_height = _total_height((*block.continued_title, *block.head))
        for group in _groups(block):
            # A new page helps only if it has more room for the group than this one.
            if _total_height(group) > self._room and self._y > head_height:
                self._start_page()
                self._put((*block.continued_title, *block.head))
            self._put(group)

    def _put(self, items: Iterable[FlowItem]) -> None:
        for item in items:
            self.pages[-1].items.append((self._y, item))
            self._y += item.height

    def _start_page(self) -> None:
        if self.pages[-1].items:
            self.pages.append(Page())
        self._y = 0.0


def _groups(block: Block) -> list[tuple[FlowItem, ...]]:
    """Group items that must stay on one page, such as a heading with its first row.

    The last rows stay together with the end, because a single row on a page is easily overlooked.
    """
    rows = list(block.rows)
    last_rows = min(len(rows), _MIN_ROWS)
    last = (*rows[len(rows) - last_rows :], *block.end)
    groups: list[tuple[FlowItem, ...]] = []
    group: tuple[FlowItem, ...] = ()
    for row in rows[: len(rows) - last_rows]:
        group = (*group, row)
        if not row.holds_next:
            groups.append(group)
            group = ()
    return [*groups, (*group, *last)]


def _total_height(items: Iterable[FlowItem]) -> float:
    return sum(item.height for item in items)
