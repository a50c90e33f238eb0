from decimal import Decimal
from enum import StrEnum

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.fields.activity import ActivityField
from gui.fields.choice import CheckField, ChoiceField, OpenChoiceField
from gui.fields.grade import GradeField
from gui.fields.number import NumberField
from gui.fields.search import SearchField
from gui.fields.text import MultilineField, TextField
from gui.style import theme


class Outcome(StrEnum):
    RECOVERED = "recovered"
    FATAL = "fatal"


@pytest.fixture
def place(light, qtbot):
    """A window that fields are put into."""
    window = QWidget()
    QVBoxLayout(window)
    qtbot.addWidget(window)
    window.resize(500, 400)

    def put(field):
        window.layout().addWidget(field)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        field.setFocus()
        qtbot.waitUntil(field.input().hasFocus)
        qtbot.waitUntil(field.isVisible)
        window.layout().activate()
        return field

    return put


def test_a_text_field_gives_text_without_the_spaces_around_it(place, qtbot):
    field = place(TextField(placeholder="P-0001"))
    assert field.value() is None
    with qtbot.waitSignal(field.changed):
        qtbot.keyClicks(field.input(), "  P-0007 ")
    assert field.value() == "P-0007"
    field.set_value(None)
    assert field.value() is None


def test_a_passphrase_is_kept_as_it_was_typed(place, qtbot):
    field = place(TextField(secret=True))
    qtbot.keyClicks(field.input(), " a b ")
    assert field.value() == " a b "
    assert field.edit.displayText() != " a b "


def test_tab_leaves_a_box_of_several_lines(place, qtbot):
    field = place(MultilineField(lines=2))
    place(TextField())
    field.setFocus()
    qtbot.keyClicks(field.input(), "one")
    qtbot.keyClick(field.input(), Qt.Key.Key_Return)
    qtbot.keyClicks(field.input(), "two")
    qtbot.keyClick(field.input(), Qt.Key.Key_Tab)
    assert field.value() == "one\ntwo"
    assert not field.input().hasFocus()


def test_a_required_field_says_that_it_is_needed_by_name(place):
    field = place(TextField(required=True))
    field.set_label("Code")
    assert field.fault() == "Code is needed."
    field.set_value("P-1")
    assert field.fault() == ""


def test_a_problem_is_shown_under_the_field_and_goes_when_something_is_typed(place, qtbot):
    field = place(TextField())
    field.show_problem("This code is already used.")
    assert field._problem.isVisible()
    assert field.input().property("kind") == "wrong"
    assert field.input().accessibleDescription() == "This code is already used."
    qtbot.keyClicks(field.input(), "x")
    assert field.problem() == ""
    assert field.input().property("kind") == ""


def test_a_number_field_keeps_its_bounds_and_its_unit(place):
    field = place(NumberField(unit="%", minimum=0, maximum=100))
    for text, fault in (
        ("34", ""),
        ("34,5", ""),
        ("101", "This cannot be more than 100."),
        ("-1", "This cannot be less than 0."),
        ("many", "“many” is not a number."),
        ("", ""),
    ):
        field.edit.setText(text)
        assert field.fault() == fault
    assert field.value() is None
    field.set_unit("MBq")
    assert field.unit() == "MBq"


def test_a_wrong_number_is_marked_when_it_is_left_like_a_wrong_date(place, qtbot):
    field = place(NumberField(maximum=100))
    qtbot.keyClicks(field.input(), "abc")
    assert field.problem() == ""
    qtbot.keyClick(field.input(), Qt.Key.Key_Tab)
    field.input().clearFocus()
    assert field.problem() == "“abc” is not a number."
    field.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.input(), "1,234")
    field.input().clearFocus()
    assert field.problem() == "“1,234” can mean 1.234 or 1234: write one of these."


def test_a_whole_number_has_no_decimals(place):
    field = place(NumberField(whole=True))
    field.edit.setText("2.5")
    assert field.fault() == "This must be a whole number."
    field.edit.setText("2,0")
    assert field.value() == 2


def test_a_number_is_shown_without_an_exponent(place):
    field = place(NumberField())
    field.set_value(Decimal("1E+3"))
    assert field.edit.text() == "1000"


BOTH = "“1,234” can mean 1.234 or 1234: write one of these."


def test_a_comma_that_may_separate_thousands_is_asked_about(place):
    field = place(NumberField())
    field.edit.setText("1,234")
    assert field.hint() == BOTH
    assert field.fault() == BOTH
    field.edit.setText("1.234")
    assert (field.hint(), field.value()) == (
        "Read as 1.234, with three decimals.",
        Decimal("1.234"),
    )
    field.edit.setText("0,234")
    assert (field.hint(), field.value()) == ("", Decimal("0.234"))


def test_an_activity_is_asked_about_as_any_number(place):
    field = place(ActivityField())
    field.set_unit("MBq")
    for text in ("1,234", "1,234 MBq"):
        field.edit.setText(text)
        assert field.fault() == BOTH


def test_a_choice_gives_its_value_back_as_it_was_given(place, qtbot):
    field = place(ChoiceField([(Outcome.RECOVERED, "Recovered"), (Outcome.FATAL, "Fatal")]))
    assert field.value() is None
    with qtbot.waitSignal(field.changed):
        qtbot.keyClicks(field.input(), "fat")
        qtbot.keyClick(field.input(), Qt.Key.Key_Return)
    assert field.value() is Outcome.FATAL
    field.set_value(None)
    assert field.value() is None


def test_a_choice_that_is_no_longer_offered_is_not_lost(place):
    field = place(ChoiceField([("a", "A")]))
    field.set_value("old")
    assert field.value() == "old"
    assert field.edit.text() == "old"


def test_a_choice_stays_when_others_are_offered_and_goes_when_it_is_not_among_them(place, qtbot):
    field = place(ChoiceField([(5, "5.0"), (6, "6.0")]))
    field.set_value(6)
    with qtbot.assertNotEmitted(field.changed):
        field.set_choices([(6, "CTCAE 6.0"), (5, "CTCAE 5.0")])
    assert field.value() == 6
    with qtbot.waitSignal(field.changed):
        field.set_choices([(5, "CTCAE 5.0")])
    assert field.value() is None


def test_the_wheel_does_not_change_a_choice(place, qapp):
    field = place(ChoiceField([(1, "One"), (2, "Two")]))
    field.set_value(1)
    middle = field.edit.rect().center().toPointF()
    event = QWheelEvent(
        middle,
        field.edit.mapToGlobal(middle),
        field.edit.pos(),
        field.edit.pos() * 0 + field.edit.rect().bottomLeft(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    qapp.sendEvent(field.edit, event)
    assert field.value() == 1


def test_an_open_choice_keeps_what_is_written_and_knows_its_words(place, qtbot):
    field = place(OpenChoiceField([("small_bowel", "Small bowel"), "pancreas"]))
    qtbot.keyClicks(field.input(), "SMALL BOWEL")
    assert field.value() == "small_bowel"
    field.set_value("small_bowel")
    assert field.edit.text() == "Small bowel"
    field.set_value("thymus, left")
    assert field.value() == "thymus, left"
    field.set_suggestions(["thymus"])
    assert field.value() == "thymus, left"
    field.set_value(None)
    assert field.value() is None


def test_only_grades_that_exist_can_be_taken(place, qtbot):
    field = place(GradeField(grades=(1, 2, 3), describe=lambda grade: f"Words of {grade}."))
    qtbot.keyClicks(field.input(), "4")
    assert field.value() is None
    with qtbot.waitSignal(field.changed):
        qtbot.keyClicks(field.input(), "3")
    assert field.value() == 3
    assert [field.description(grade) for grade in (1, 3, 4)] == ["Words of 1.", "Words of 3.", ""]
    field.set_grades((1,), lambda grade: "Other words.")
    assert field.value() is None
    assert [field.description(grade) for grade in (1, 3)] == ["Other words.", ""]


def test_a_click_on_what_a_grade_means_chooses_it(place, qtbot):
    field = place(GradeField(describe=lambda grade: f"Words of {grade}."))
    words = next(label for label in field.findChildren(QLabel) if label.text() == "Words of 2.")
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert field.value() == 2


def test_a_grade_can_be_clicked_changed_and_taken_back(place, qtbot):
    field = place(GradeField())
    told = []
    field.changed.connect(lambda: told.append(field.value()))
    qtbot.mouseClick(field._buttons[2], Qt.MouseButton.LeftButton)
    qtbot.keyClick(field._buttons[2], Qt.Key.Key_Right)
    qtbot.keyClick(field._buttons[3], Qt.Key.Key_Backspace)
    assert told == [2, 3, None]


def test_a_grade_has_the_colours_of_the_ramp(place):
    field = place(GradeField())
    picture = field._buttons[3].grab().toImage()
    assert picture.pixelColor(8, 6).name().upper() == theme.current().grade(3)[0]
    assert field._buttons[3].accessibleName() == "Grade 3"


def test_a_recorded_grade_that_no_longer_exists_is_shown(place):
    field = place(GradeField(grades=(1, 2)))
    field.set_value(4)
    assert field.value() == 4


def test_a_check_field_holds_or_not(place, qtbot):
    field = place(CheckField("Related"))
    assert field.value() is False
    qtbot.keyClick(field.input(), Qt.Key.Key_Space)
    assert field.value() is True


TERMS = ("Anemia", "Nausea", "Neutrophil count decreased", "Platelet count decreased")


def find(text):
    return [(term, "CTCAE", term.upper()) for term in TERMS if text.casefold() in term.casefold()]


def test_a_search_finds_while_typing_and_the_keys_choose(place, qtbot):
    field = place(SearchField(find))
    told = []
    field.changed.connect(lambda: told.append(1))
    qtbot.keyClicks(field.input(), "count")
    assert field.popup.isVisible()
    assert field.results.count() == 2
    assert field.fault() == "Choose one from the list."
    qtbot.keyClick(field.input(), Qt.Key.Key_Down)
    qtbot.keyClick(field.input(), Qt.Key.Key_Return)
    assert field.value() == "PLATELET COUNT DECREASED"
    assert field.edit.text() == "Platelet count decreased"
    assert not field.popup.isVisible()
    assert told


def test_changing_the_text_takes_the_choice_back(place, qtbot):
    field = place(SearchField(find))
    field.set_found("Anemia", "ANEMIA")
    assert field.value() == "ANEMIA"
    qtbot.keyClick(field.input(), Qt.Key.Key_Backspace)
    assert field.fault() == "Choose one from the list."
    field.edit.clear()
    field._typed()
    assert field.value() is None


def test_down_opens_the_whole_list_and_escape_closes_it(place, qtbot):
    field = place(SearchField(find))
    qtbot.keyClick(field.input(), Qt.Key.Key_Down)
    assert field.results.count() == len(TERMS)
    qtbot.keyClick(field.input(), Qt.Key.Key_Up)
    assert field.results.current().label == "Anemia"
    qtbot.keyClick(field.input(), Qt.Key.Key_Escape)
    assert not field.popup.isVisible()
    assert field.isVisible()


def test_a_result_can_be_clicked(place, qtbot):
    field = place(SearchField(find))
    qtbot.keyClicks(field.input(), "a")
    where = field.results.visualRect(field.results.model().index(1, 0)).center()
    qtbot.mouseClick(field.results.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert field.value() == "NAUSEA"


def test_the_list_stays_inside_the_window_and_opens_upward_at_its_foot(place, qtbot):
    window = place(TextField()).window()
    window.layout().addStretch(1)
    field = place(SearchField(find))
    qtbot.keyClicks(field.input(), "a")
    assert window.rect().contains(field.popup.geometry())
    assert field.popup.geometry().bottom() < field.mapTo(window, field.edit.pos()).y()


def test_nothing_found_shows_no_list(place, qtbot):
    field = place(SearchField(find))
    qtbot.keyClicks(field.input(), "zzz")
    assert not field.popup.isVisible()
    assert field.fault()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (60.0, "60"),
        (0.5, "0.5"),
        (7, "7"),
        (Decimal("6.20"), "6.20"),
        (1e-7, "0.0000001"),
        (None, ""),
    ],
)
def test_a_number_of_a_record_is_shown_without_a_trailing_fraction(place, value, shown):
    field = place(NumberField())
    field.set_value(value)
    assert field.raw() == shown


def test_what_cannot_be_read_has_no_readable_value(place):
    field = place(NumberField())
    field.edit.setText("6,2")
    assert field.readable() == Decimal("6.2")
    field.edit.setText("six")
    assert field.readable() is None
