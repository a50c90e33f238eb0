"""Words on the pages of the cohort's report: titles, notes, and the paragraph."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from gui.reports.cohort_flow import Block, Slip
from gui.reports.ink import BOLD, PLAIN, Ink
from gui.style.theme import LIGHT

TITLE_POINTS = 10.0
TEXT_POINTS = 8.0
NOTE_POINTS = 7.0
_TITLE = 17.0
_SPACING = 1.42
_MOST_LINES = 10_000


def title(ink: Ink, text: str, *, soft: str = "") -> Slip:
    """The title of a block over a line, with a few words beside it."""

    def draw(place: QRectF) -> None:
        line = QRectF(place.left(), place.top(), place.width(), _TITLE - 4)
        used = ink.write(line, text, TITLE_POINTS, weight=BOLD)
        if soft:
            beside = line.adjusted(used + 8, 0.8, 0, 0.8)
            ink.write(beside, soft, TEXT_POINTS, colour=LIGHT.ink_soft)
        ink.rule(place.left(), place.right(), place.top() + _TITLE - 2)

    return Slip(_TITLE, draw)


def lines(
    ink: Ink,
    text: str,
    width: float,
    points: float = TEXT_POINTS,
    *,
    colour: str = LIGHT.ink,
    weight: QFont.Weight = PLAIN,
) -> tuple[Slip, ...]:
    """A text in lines of a width, each of them a slip."""
    high = points * _SPACING

    def slip(line: str) -> Slip:
        def draw(place: QRectF) -> None:
            ink.write(
                QRectF(place.left(), place.top(), place.width(), high),
                line,
                points,
                colour=colour,
                weight=weight,
            )

        return Slip(high, draw)

    return tuple(slip(line) for line in ink.lines(text, width, points, _MOST_LINES, weight))


def notes(ink: Ink, texts: tuple[str, ...], width: float) -> tuple[Slip, ...]:
    """Notes under a block, small and soft, one after the other."""
    if not texts:
        return ()
    return (gap(3.0), *lines(ink, " ".join(texts), width, NOTE_POINTS, colour=LIGHT.ink_soft))


def gap(height: float) -> Slip:
    """White."""
    return Slip(height, lambda _place: None)


def paragraph(ink: Ink, name: str, text: str, footnote: str, width: float) -> Block:
    """Words under a title, and smaller ones under them."""
    return Block(
        title=(title(ink, name),),
        again=(title(ink, name, soft="continued"),),
        rows=lines(ink, text, width),
        end=notes(ink, (footnote,), width) if footnote else (),
    )
