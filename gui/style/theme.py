"""Colours by meaning and fonts, in light and dark, and how they are applied to Qt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

import resources

BASE_PIXELS = 13
_GENERAL = QFontDatabase.SystemFont.GeneralFont
RESOURCES = Path(resources.__file__).parent


class Scheme(Enum):
    """The colour schemes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """All colours of the program, as `#RRGGBB`, named by meaning.

    Text colours have a contrast of at least 4.5 to 1 on paper and card (tested).
    """

    dark: bool
    ink: str
    ink_soft: str  # second lines, units, axis labels
    paper: str  # behind everything
    card: str
    line: str  # hairlines between things
    edge: str  # borders of what can be typed in or pressed
    hover: str
    chosen: str  # behind a selected row
    rail: str  # the strip of places at the left
    rail_chosen: str
    rail_ink: str
    rail_soft: str
    rail_accent: str
    accent: str  # marks and lines
    accent_text: str  # words
    accent_fill: str  # behind `on_accent`
    on_accent: str
    good: str
    warn: str
    warn_fill: str
    alert: str
    alert_fill: str
    neutral: str  # chips without a grade, bars of lanes
    tip: str
    tip_ink: str
    ac225: str
    lu177: str
    on_nuclide: str
    ac225_text: str
    lu177_text: str
    grade_fills: tuple[str, str, str, str, str]
    grade_texts: tuple[str, str, str, str, str]
    bands: tuple[str, str, str, str, str]  # areas of a grade behind a curve

    def grade(self, grade: int | None) -> tuple[str, str]:
        """Return fill and text colour of a CTCAE grade; neutral ones for None or 0."""
        if not grade:
            return self.neutral, self.ink_soft
        return self.grade_fills[grade - 1], self.grade_texts[grade - 1]

    def nuclide(self, name: str) -> str:
        """Return the fill of a nuclide's mark by its name (`225Ac`); neutral for unknown ones."""
        return {"225Ac": self.ac225, "177Lu": self.lu177}.get(name, self.ink_soft)

    def tone(self, name: str) -> str:
        """Return a text colour by meaning: soft, good, warn, alert, accent; otherwise ink."""
        tones = {
            "soft": self.ink_soft,
            "good": self.good,
            "warn": self.warn,
            "alert": self.alert,
            "accent": self.accent_text,
        }
        return tones.get(name, self.ink)


LIGHT = Theme(
    dark=False,
    ink="#1D2427",
    ink_soft="#5C6664",
    paper="#F4F5F3",
    card="#FFFFFF",
    line="#DFE3E1",
    edge="#C3CAC7",
    hover="#F0F3F1",
    chosen="#E1F1EC",
    rail="#20302F",
    rail_chosen="#2E4240",
    rail_ink="#E8EEEC",
    rail_soft="#A9B9B5",
    rail_accent="#8FE3CB",
    accent="#1B8A72",
    accent_text="#0F6B57",
    accent_fill="#18806A",
    on_accent="#FFFFFF",
    good="#0F6B57",
    warn="#8A5A00",
    warn_fill="#FFF9EC",
    alert="#B3261E",
    alert_fill="#FDEEEC",
    neutral="#E8ECEA",
    tip="#20302F",
    tip_ink="#F2F5F4",
    ac225="#7B4FB5",
    lu177="#2F6FB7",
    on_nuclide="#FFFFFF",
    ac225_text="#7B4FB5",
    lu177_text="#2A65A8",
    grade_fills=("#FFF3C9", "#FFDDA6", "#F9B5A0", "#D9534F", "#2B2B2B"),
    grade_texts=("#7A5B00", "#7A4300", "#7C1D05", "#FFFFFF", "#FFFFFF"),
    bands=("#FFF6DB", "#FFE9CC", "#FBD5CA", "#F2B9B7", "#D5D5D5"),
)

# In the dark, the grades run from dim to bright, so that their order can still be seen.
DARK = Theme(
    dark=True,
    ink="#E6EAE8",
    ink_soft="#9DABA7",
    paper="#14191A",
    card="#1C2324",
    line="#2D3637",
    edge="#465354",
    hover="#232C2D",
    chosen="#1F3B36",
    rail="#0E1514",
    rail_chosen="#1E2C2A",
    rail_ink="#E8EEEC",
    rail_soft="#93A5A1",
    rail_accent="#8FE3CB",
    accent="#3DB898",
    accent_text="#5ACDAF",
    accent_fill="#17806A",
    on_accent="#FFFFFF",
    good="#5ACDAF",
    warn="#E8C36A",
    warn_fill="#2E2819",
    alert="#F28B82",
    alert_fill="#3A2321",
    neutral="#313B3C",
    tip="#E6EAE8",
    tip_ink="#1C2324",
    ac225="#885FBF",
    lu177="#3775BB",
    on_nuclide="#FFFFFF",
    ac225_text="#B794EA",
    lu177_text="#7FB2EE",
    grade_fills=("#453D1D", "#5E4013", "#7F3521", "#C4423B", "#EDEDED"),
    grade_texts=("#FFE9A8", "#FFD59A", "#FFCDBB", "#FFFFFF", "#1A1A1A"),
    bands=("#2C2A1D", "#3A2D1B", "#472720", "#5A2623", "#454545"),
)


class _Changes(QObject):
    """Emits `changed` when the colours change."""

    changed = Signal()

    @Slot()
    def follow_system(self) -> None:
        """Apply the system's colour scheme, if it is followed."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            _use(app, DARK if _is_dark(app) else LIGHT)


_current = LIGHT
_wanted = Scheme.SYSTEM


@cache
def changes() -> _Changes:
    """Return the object that emits `changed` after each change of colours."""
    return _Changes()


def current() -> Theme:
    """Return the colours in use."""
    return _current


@contextmanager
def for_print() -> Iterator[None]:
    """Make `current` return the light colours, those for paper.

    No signal is emitted, so that no widget changes; only what is drawn meanwhile uses them.
    """
    global _current
    before = _current
    _current = LIGHT
    try:
        yield
    finally:
        _current = before


def apply(app: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
    """Apply style, fonts and colours to the application; SYSTEM follows the system.

    May be called at any time to change the scheme.
    """
    global _wanted
    _wanted = scheme
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(changes().follow_system, Qt.ConnectionType.UniqueConnection)
    match scheme:
        case Scheme.SYSTEM:
            hints.unsetColorScheme()
        case Scheme.LIGHT:
            hints.setColorScheme(Qt.ColorScheme.Light)
        case Scheme.DARK:
            hints.setColorScheme(Qt.ColorScheme.Dark)
    if app.style().name().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(_base_font())
    _use(app, DARK if _is_dark(app) else LIGHT)


def stylesheet(theme: Theme) -> str:
    """Return the style sheet, `resources/theme.qss`, in a theme's colours."""
    sheet = Template((RESOURCES / "theme.qss").read_text(encoding="utf-8"))
    return sheet.substitute(asdict(theme), icons=(RESOURCES / "icons").as_posix())


def figures(font: QFont) -> QFont:
    """Return the font with tabular figures, for columns of numbers."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular


def sized(font: QFont, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font in another size and weight."""
    other = QFont(font)
    other.setPixelSize(pixels)
    other.setWeight(weight)
    return other


def set_kind(widget: QWidget, kind: str) -> None:
    """Give a widget one of the looks named `kind` in the style sheet, at any time."""
    if widget.property("kind") == kind:
        return
    widget.setProperty("kind", kind)
    # A style sheet reads properties only when a widget is polished.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _is_dark(app: QApplication) -> bool:
    if _wanted is Scheme.SYSTEM:
        return app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return _wanted is Scheme.DARK


def _use(app: QApplication, theme: Theme) -> None:
    global _current
    _current = theme
    app.setPalette(_palette(theme))
    sheet = stylesheet(theme)
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)
    changes().changed.emit()


@cache
def _inter() -> str:
    """Return the family of the bundled font, or an empty text without it."""
    family = ""
    for file in sorted((RESOURCES / "fonts").glob("*.otf")):
        font = QFontDatabase.addApplicationFont(str(file))
        families = QFontDatabase.applicationFontFamilies(font)
        family = "Inter" if "Inter" in families else family
    return family


def _base_font() -> QFont:
    font = QFont(_inter()) if _inter() else QFontDatabase.systemFont(_GENERAL)
    # Qt multiplies pixel sizes by the screen's scale, so 100 to 200 % follow by themselves.
    font.setPixelSize(BASE_PIXELS)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.paper,
        role.WindowText: theme.ink,
        role.Base: theme.card,
        role.AlternateBase: theme.hover,
        role.Text: theme.ink,
        role.Button: theme.card,
        role.ButtonText: theme.ink,
        role.BrightText: theme.alert,
        role.ToolTipBase: theme.tip,
        role.ToolTipText: theme.tip_ink,
        role.PlaceholderText: theme.ink_soft,
        role.Highlight: theme.accent_fill,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent_text,
        role.LinkVisited: theme.accent_text,
        role.Light: theme.card,
        role.Midlight: theme.hover,
        role.Mid: theme.edge,
        role.Dark: theme.edge,
        role.Shadow: theme.edge,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.ink_soft))
    return palette
