"""The tones of cycles: one ordered ramp, later cycles stronger; never without their number."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor

from gui.style import theme

_PALE = {False: "#458575", True: "#5F9486"}
_STRONG = {False: "#08382E", True: "#B9FBE6"}
"""The ends of the ramp by whether the theme is dark; each 3 to 1 against its card (WCAG 1.4.11)."""

_THIN, _THICK = 1.3, 2.6


def tone(place: int, count: int) -> QColor:
    """The colour of the cycle at a place, from 0, of so many; not to be changed."""
    return _tone(place, count, theme.current().dark)


@cache
def _tone(place: int, count: int, dark: bool) -> QColor:
    pale, strong = QColor(_PALE[dark]), QColor(_STRONG[dark])
    share = _share(place, count)
    return QColor.fromRgbF(
        *(
            (1 - share) * from_ + share * to
            for from_, to in (
                (pale.redF(), strong.redF()),
                (pale.greenF(), strong.greenF()),
                (pale.blueF(), strong.blueF()),
            )
        )
    )


def width(place: int, count: int) -> float:
    """The width of the cycle's line in pixels: later ones are thicker as well."""
    return _THIN + (_THICK - _THIN) * _share(place, count)


def _share(place: int, count: int) -> float:
    return 1.0 if count < 2 else place / (count - 1)
