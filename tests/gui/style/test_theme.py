import dataclasses
import re

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QToolButton

from gui.style import icons, theme
from gui.style.theme import DARK, LIGHT, Scheme
from gui.widgets.card import filter_chip, grade_chip

THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it, 1 to 21."""

    def luminance(name):
        colour = QColor(name)
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@THEMES
def test_words_can_be_read_on_everything_they_stand_on(colours):
    for words in ("ink", "ink_soft", "accent_text", "good", "warn", "alert"):
        for ground in ("paper", "card", "hover", "chosen"):
            pair = (getattr(colours, words), getattr(colours, ground))
            assert contrast(*pair) >= 4.5, (words, ground)
    for words, ground in (
        ("on_accent", "accent_fill"),
        ("rail_ink", "rail"),
        ("rail_soft", "rail"),
        ("rail_ink", "rail_chosen"),
        ("tip_ink", "tip"),
        ("alert", "alert_fill"),
        ("warn", "warn_fill"),
        ("ink", "warn_fill"),
        ("ink_soft", "neutral"),
        ("on_nuclide", "lu177"),
        ("on_nuclide", "ac225"),
        ("ac225_text", "card"),
        ("lu177_text", "card"),
    ):
        assert contrast(getattr(colours, words), getattr(colours, ground)) >= 4.5, (words, ground)


@THEMES
def test_grades_can_be_read_and_told_apart_from_the_card(colours):
    for grade in (1, 2, 3, 4, 5):
        fill, text = colours.grade(grade)
        # White on #D9534F, the design's grade 4 in the light, is 4.0; its figure is bold.
        assert contrast(fill, text) >= (3.9 if grade == 4 and not colours.dark else 4.5), grade


@THEMES
def test_the_grades_are_one_ordered_ramp(colours):
    from_card = [contrast(fill, colours.card) for fill in colours.grade_fills]
    assert from_card == sorted(from_card)


def test_no_grade_and_grade_0_are_neutral():
    assert LIGHT.grade(None) == LIGHT.grade(0) == (LIGHT.neutral, LIGHT.ink_soft)


def test_the_colours_are_those_of_the_design():
    assert LIGHT.nuclide("225Ac") == "#7B4FB5"
    assert LIGHT.nuclide("177Lu") == "#2F6FB7"
    assert (LIGHT.ink, LIGHT.paper, LIGHT.card, LIGHT.line) == (
        "#1D2427",
        "#F4F5F3",
        "#FFFFFF",
        "#DFE3E1",
    )
    assert LIGHT.grade_fills == ("#FFF3C9", "#FFDDA6", "#F9B5A0", "#D9534F", "#2B2B2B")


@THEMES
def test_every_colour_is_one(colours):
    for field in dataclasses.fields(colours):
        value = getattr(colours, field.name)
        for colour in value if isinstance(value, tuple) else (value,):
            assert isinstance(colour, bool) or re.fullmatch("#[0-9A-F]{6}", colour), field.name


@THEMES
def test_the_stylesheet_is_whole_and_its_pictures_are_there(colours):
    sheet = theme.stylesheet(colours)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for picture in set(re.findall(r"url\((.+?)\)", sheet)):
        assert (theme.RESOURCES / "icons" / picture.rpartition("/")[2]).is_file(), picture


def test_the_scheme_can_be_changed_while_windows_are_open(qapp, qtbot):
    told = []
    theme.apply(qapp, Scheme.LIGHT)
    label = QLabel("Some words")
    qtbot.addWidget(label)
    label.show()
    theme.changes().changed.connect(lambda: told.append(theme.current()))
    theme.apply(qapp, Scheme.DARK)
    assert theme.current() is DARK
    assert told[-1] is DARK
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.ink)
    theme.apply(qapp, Scheme.LIGHT)
    assert theme.current() is LIGHT
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.ink)


def test_a_widget_hears_of_new_colours_by_its_palette(qapp, qtbot):
    class Listening(QLabel):
        heard = 0

        def changeEvent(self, event):
            if event.type() == QEvent.Type.PaletteChange:
                self.heard += 1
            super().changeEvent(event)

    theme.apply(qapp, Scheme.LIGHT)
    label = Listening("Words")
    qtbot.addWidget(label)
    label.show()
    before = label.heard
    theme.apply(qapp, Scheme.DARK)
    assert label.heard > before
    theme.apply(qapp, Scheme.LIGHT)


def test_the_bundled_font_is_used_with_figures_of_one_width(light):
    font = theme.figures(light.font())
    assert font.pixelSize() == theme.BASE_PIXELS
    if list((theme.RESOURCES / "fonts").glob("Inter*")):
        assert font.family() == "Inter"
    assert len(font.featureTags()) == 1


def test_a_kind_can_be_given_later(light, qtbot):
    button = QPushButton("Save")
    qtbot.addWidget(button)
    button.show()
    theme.set_kind(button, "primary")
    picture = button.grab().toImage()
    ground = picture.pixelColor(picture.width() // 2, 4)
    assert ground.name().upper() == LIGHT.accent_fill


def test_a_ticked_box_shows_its_tick(light, qtbot):
    box = QCheckBox("Related")
    qtbot.addWidget(box)
    box.setChecked(True)
    box.show()
    picture = box.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name().upper() for x in range(16) for y in range(picture.height())
    }
    assert LIGHT.accent_fill in colours
    assert "#FFFFFF" in colours


@pytest.mark.parametrize("name", [*icons.NAMES, "app"])
def test_every_icon_can_be_drawn(light, name):
    picture = icons.pixmap(name, "#FF0000", 32).toImage()
    drawn = [picture.pixelColor(x, y).alpha() for x in range(32) for y in range(32)]
    assert max(drawn) == 255


def test_an_icon_follows_the_colours_and_lets_go_of_a_dead_button(qapp, qtbot):
    theme.apply(qapp, Scheme.LIGHT)
    button = QToolButton()
    icons.keep(button, "plus")
    before = button.icon().cacheKey()
    theme.apply(qapp, Scheme.DARK)
    assert button.icon().cacheKey() != before
    button.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply(qapp, Scheme.LIGHT)


def test_chips_say_their_grade_and_keep_their_width(light, qtbot):
    chip = grade_chip(3)
    none = grade_chip(None)
    pressed = filter_chip("On treatment 6")
    for widget in (chip, none, pressed):
        qtbot.addWidget(widget)
    assert (chip.text(), chip.accessibleName(), none.text()) == ("G3", "Grade 3", "–")
    pressed.show()
    width = pressed.sizeHint().width()
    pressed.setChecked(True)
    assert pressed.sizeHint().width() <= max(width, pressed.minimumWidth())
