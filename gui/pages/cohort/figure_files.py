"""The figures of a cohort as files: PNG, SVG, and the numbers of each as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.pages.cohort import cohort_counts, figures
from gui.pages.cohort.figure_card import FigureCard
from gui.pages.cohort.figures import FigureKind
from model.cohort.options import Options
from model.cohort.selection import Selection
from model.language import _
from model.store.reader import Reader

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

_WIDTH = 760
"""Pixels of width of a figure that has never been in a window."""


def draw(cards: Sequence[FigureCard]) -> Iterator[str | tuple[str, bytes]]:
    """Yield a PNG at 300 dpi, an SVG and a CSV of each figure that is not empty.

    Figures are drawn as their cards show them. Each item is either a text that names the next
    activity, or the name of a file with its content. The caller lets the window respond in between.
    """
    waiting = _("Counting")
    for card in cards:
        while not card.is_drawn:
            yield waiting
        if card.figure is None or card.figure.is_empty:
            continue
        yield _("Drawing “{figure}”").format(figure=card.kind.title)
        yield from _files(card.kind, card.figure, card.caption())


def write(reader: Reader, folder: Path, selection: Selection, options: Options) -> list[str]:
    """Write the figures of a cohort with their default choices; return the names of the files.

    A QApplication must exist, but no window.
    """
    records = cohort_counts.load_cohort(reader)
    counts = cohort_counts.count_cohort(records, selection, options)
    written = []
    for kind in figures.figure_kinds() if counts.patients else ():
        prepared = kind.prepare(counts, {})
        if prepared.error is not None:
            raise prepared.error
        figure = kind.make()
        if prepared.content is not None:
            figure.resize(_WIDTH, prepared.content.height)
            prepared.content.show(figure)
        # Without a window, a figure is laid out only when it is grabbed.
        figure.grab()
        if not figure.is_empty:
            for name, content in _files(kind, figure, kind.caption(counts)):
                (folder / name).write_bytes(content)
                written.append(name)
        figure.deleteLater()
    return written


def _files(kind: FigureKind, figure: Figure, caption: str) -> Iterator[tuple[str, bytes]]:
    from gui.plots import pictures

    name = f"figure_{kind.key.removesuffix('_figure')}"
    yield f"{name}.png", pictures.png(figure, caption=caption)
    yield f"{name}.svg", pictures.svg(figure, caption)
    yield f"{name}.csv", figure.csv().encode()
