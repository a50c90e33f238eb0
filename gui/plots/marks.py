"""The colours that events have on every chart: responses and nuclides."""

from __future__ import annotations

from gui.style import theme
from gui.words import nuclide_text


def response_colour(response: str | None) -> str:
    """The colour of an imaging response; that of soft text where there is none."""
    colours = theme.current()
    known = {"CR": colours.accent, "PR": colours.accent, "SD": colours.warn, "PD": colours.alert}
    return known.get(response or "", colours.ink_soft)


def element(nuclide: str) -> str:
    """The letters of a nuclide's element: `Ac` of `225Ac`; the text itself where it is another."""
    return nuclide_text(nuclide).partition("-")[0]


def nuclide_colour(nuclide: str) -> str:
    """The fill of a nuclide's mark."""
    return theme.current().nuclide(nuclide_text(nuclide))
