"""The figures of a cohort as files: PNG, SVG, and the numbers of each as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.pages.cohort import counted as counting
from gui.pages.cohort import figures
from gui.pages.cohort.figure_card import FigureCard
from gui.pages.cohort.figures import FigureKind
from model.cohort.options import Options
from model.cohort.selection import Selection
from model.language import _
from model.store.reader import Reader

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

_WIDTH = 760
"""The width in pixels of a figure that has never been in a window."""


def draw(cards: Sequence[FigureCard]) -> Iterator[str | tuple[str, bytes]]:
    """Yield PNG at 300 dpi, SVG and CSV of each figure that is not empty, as its card shows it.

    Yields what is done next, in words, or the name of a file and its content; the caller lets the
    window respond in between.
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

    Needs an application, but no window.
    """
    loaded = counting.loaded(reader)
    counted = counting.counted(loaded, selection, options)
    written = []
    for kind in figures.kinds() if counted.patients else ():
        ready = kind.ready(counted, {})
        if ready.error is not None:
            raise ready.error
        figure = kind.make()
        if ready.content is not None:
            figure.resize(_WIDTH, ready.content.height)
            ready.content.show(figure)
        # Without a window, only grabbing the figure lays it out.
        figure.grab()
        if not figure.is_empty:
            for name, content in _files(kind, figure, kind.caption(counted)):
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
