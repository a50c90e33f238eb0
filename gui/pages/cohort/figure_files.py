"""The figures of the page as files: a picture, a drawing, and the numbers of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication

from gui.pages.cohort.figure_card import FigureCard


def draw(cards: Sequence[FigureCard]) -> Iterator[str | tuple[str, bytes]]:
    """PNG at 300 dpi, SVG and CSV of each figure that has something to draw, as it is chosen.

    Each turn gives the words of what is done next, or the name of a file and what is in it, so that
    whoever asks can let the window answer in between.
    """
    from gui.plots import pictures

    waiting = QCoreApplication.translate("Cohort", "Counting")
    for card in cards:
        while not card.is_drawn:
            yield waiting
        figure = card.figure
        if figure is None or figure.is_empty:
            continue
        name, caption = f"figure_{card.kind.key.removesuffix('_figure')}", card.caption()
        drawing = QCoreApplication.translate("Cohort", "Drawing “%s”") % card.kind.title
        yield drawing
        yield f"{name}.png", pictures.png(figure, caption=caption)
        yield f"{name}.svg", pictures.svg(figure, caption)
        yield f"{name}.csv", figure.csv().encode()
