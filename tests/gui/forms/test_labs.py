from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from gui.forms.labs.day import USUAL, LabsForm
from gui.forms.labs.doubt import DoubtBox
from gui.forms.labs.result import LabResultForm
from gui.forms.labs.row import LLN, ULN, UNIT, VALUE
from model.records import kinds, laboratory_limits, labs
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult

DAY = date(2025, 3, 7)


@pytest.fixture
def form(session, patient, opened):
    return opened(LabsForm(None, session, patient.id))


def row_of(form, key):
    return next(row for row in form.grid.rows if row.line.key == key)


def cell(form, key, column=VALUE):
    return row_of(form, key).cells[column]


def values_of(form, key):
    return [row.texts()[VALUE] for row in form.grid.rows if row.line.key == key]


def kept(session, patient):
    """All results of the patient as `hb 12.0 08:00`."""
    found = kinds.of_patient(session.casebook, LabResult, patient.id)
    return sorted(
        f"{r.analyte} {r.value_text} {f'{r.taken_at:%H:%M}' if r.taken_at else '-'}" for r in found
    )


@pytest.fixture
def morning(session, results):
    """The two results, taken at eight."""
    timed = [replace(result, taken_at=time(8)) for result in results]
    return session.do("x", lambda step: labs.save_all(step, timed))


def test_three_results_are_entered_by_keys_in_one_step(form, session, patient, typed, steps):
    typed("<All>2025-03-07<Tab><Tab>12,50<Tab>4.4<Down><Enter>44<Save>")
    assert form.isHidden(), form.problem()
    assert steps == ["Add labs"]
    saved = {result.analyte: result for result in form.saved()}
    assert {key: result.value_text for key, result in saved.items()} == {
        "hb": "12.50",
        "wbc": "4.4",
        "plt": "44",
    }
    assert {result.taken_on for result in saved.values()} == {DAY}
    assert (saved["plt"].unit, saved["plt"].canonical_value) == ("10*9/L", 44.0)
    session.undo()
    assert kinds.of_patient(session.casebook, LabResult, patient.id) == []


def test_customary_limits_are_shown_but_never_kept(form, typed):
    assert cell(form, "hb", LLN).placeholderText() == "12.0"
    assert cell(form, "hb", LLN).text() == ""
    cell(form, "hb").setFocus()
    typed("9.8<Save>")
    assert (form.saved()[0].lln, form.saved()[0].uln) == (None, None)


def test_customary_limits_follow_the_unit(form):
    cell(form, "hb", UNIT).setText("g/L")
    assert cell(form, "hb", LLN).placeholderText() == "120"


def test_unit_and_limits_are_taken_over_from_the_last_result(
    session, patient, results, opened, typed
):
    form = opened(LabsForm(None, session, patient.id))
    assert [edit.text() for edit in row_of(form, "plt").cells] == ["", "×10⁹/L", "150", "400"]
    cell(form, "plt").setFocus()
    typed("44<Save>")
    saved = form.saved()[0]
    assert (saved.unit, saved.lln, saved.uln) == ("10*9/L", Decimal(150), Decimal(400))


def test_the_last_result_is_never_a_later_one(session, patient, results, opened, typed):
    form = opened(LabsForm(None, session, patient.id))
    form.taken_on.input().setFocus()
    typed("<All>2025-01-20")
    row = row_of(form, "plt")
    assert row.last.text() == ""
    assert [edit.text() for edit in row.cells] == ["", "×10⁹/L", "150", "400"]
    form.taken_on.input().setFocus()
    typed("<All>2025-04-20")
    assert row_of(form, "plt").last.text() == "230 · 7 Mar 2025"


def test_less_than_is_understood_and_other_signs_are_not(form, typed):
    cell(form, "anc").setFocus()
    typed("< 0,3")
    row = row_of(form, "anc")
    assert row.fault() == ""
    assert row.entered(1, DAY, None)[0].value_text == "<0.3"
    row.cells[VALUE].setText("≤0.3")
    typed("<Save>")
    assert row.remark.text() == "Only < and > are allowed before a value."
    assert form.isVisible()
    assert cell(form, "anc").hasFocus()


@pytest.mark.parametrize(
    ("text", "said"),
    [("abc", "“abc” is not a"), ("1,234", "can mean 1.234 or 1234")],
)
def test_a_value_that_cannot_be_read_is_marked_when_its_cell_is_left(form, typed, text, said):
    row = row_of(form, "hb")
    row.cells[VALUE].setFocus()
    typed(text)
    assert row.cells[VALUE].property("kind") != "wrong"
    typed("<Tab>")
    assert said in row.remark.text()
    assert row.cells[VALUE].property("kind") == "wrong"
    row.cells[VALUE].setFocus()
    typed("<All>12<Tab>")
    assert row.cells[VALUE].property("kind") != "wrong"


def test_an_unknown_unit_is_remarked_and_kept(form, typed):
    cell(form, "plt").setFocus()
    typed("44<Right><All>furlong")
    assert "is not a unit of Platelets" in row_of(form, "plt").remark.text()
    typed("<Save>")
    assert (form.saved()[0].unit, form.saved()[0].canonical_value) == ("furlong", None)


@pytest.fixture
def doubted(qtbot):
    """Presses a button of the box about implausible values that comes up, after typing a reason."""

    def press(words: str, reason: str = "") -> list[str]:
        asked: list[str] = []

        def act() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, DoubtBox)
            asked.extend(label.text() for label in box.findChildren(QLabel))
            box.reason.setFocus()
            qtbot.keyClicks(box.reason, reason)
            button = next(b for b in box.findChildren(QPushButton) if b.text() == words)
            assert button.isEnabled()
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

        QTimer.singleShot(50, act)
        return asked

    return press


HB_IN_G_L = "13 is implausible in this unit. Check the unit (g/L)."


def test_an_implausible_value_is_asked_about_and_kept_with_its_reason(form, typed, doubted):
    cell(form, "hb").setFocus()
    typed("13<Right><All>g/L")
    assert row_of(form, "hb").remark.text() == HB_IN_G_L
    asked = doubted("Save as confirmed", "measured twice")
    typed("<Save>")
    assert f"Haemoglobin: {HB_IN_G_L}" in asked
    assert "Is this value right?" in asked
    saved = form.saved()[0]
    assert (saved.unit, saved.confirmed, saved.is_questioned) == ("g/L", "measured twice", False)


def test_an_implausible_value_may_be_saved_unconfirmed(form, typed, doubted):
    cell(form, "hb").setFocus()
    typed("128")
    cell(form, "plt").setFocus()
    typed("45000")
    asked = doubted("Save unconfirmed")
    typed("<Save>")
    assert "Are these 2 values right?" in asked
    assert {each.analyte: each.is_questioned for each in form.saved()} == {"hb": True, "plt": True}


def test_an_implausible_value_to_be_changed_is_marked_and_nothing_is_saved(
    form, session, patient, typed, doubted, qtbot
):
    cell(form, "wbc").setFocus()
    typed("5<Down>")
    cell(form, "hb").setFocus()
    typed("128")
    doubted("Change")
    typed("<Save>")
    assert form.isVisible()
    form.activateWindow()  # which a window manager does
    qtbot.waitUntil(cell(form, "hb").hasFocus)
    assert "128 is implausible" in row_of(form, "hb").remark.text()
    assert kept(session, patient) == []
    typed("<All>12.8<Save>")
    assert form.isHidden(), form.problem()
    assert kept(session, patient) == ["hb 12.8 -", "wbc 5 -"]


def test_a_limit_that_does_not_fit_its_unit_is_asked_about(form, typed, doubted):
    cell(form, "wbc").setFocus()
    typed("3500<Right><All>/uL<Right>4.000")
    remark = row_of(form, "wbc").remark.text()
    assert remark.startswith("A lower limit of 4.000 is implausible in this unit.")
    asked = doubted("Save unconfirmed")
    typed("<Save>")
    assert f"Leukocytes: {remark}" in asked


def test_a_confirmed_value_is_silent_until_it_is_changed(
    session, patient, results, opened, typed, doubted
):
    right = replace(results[0], value=Decimal(128), confirmed="measured twice")
    session.do("x", lambda step: labs.save(step, right))
    form = opened(LabsForm(None, session, patient.id, DAY))
    assert row_of(form, "hb").remark.text() == ""
    cell(form, "hb").setFocus()
    typed("<All>129")
    assert "129 is implausible" in row_of(form, "hb").remark.text()
    doubted("Save unconfirmed")
    typed("<Save>")
    saved = next(each for each in form.saved() if each.analyte == "hb")
    assert (saved.value_text, saved.confirmed) == ("129", None)


def test_the_reason_is_edited_with_the_result(session, patient, results, opened, typed, doubted):
    form = opened(LabResultForm(None, session, patient.id, results[0]))
    assert form.confirmed.isHidden()
    form.value.input().setFocus()
    typed("<All>128")
    assert form.confirmed.isVisible()
    doubted("Save as confirmed", "measured twice")
    typed("<Save>")
    assert form.saved().confirmed == "measured twice"
    again = opened(LabResultForm(None, session, patient.id, form.saved()))
    assert again.confirmed.value() == "measured twice"
    again.confirmed.input().setFocus()
    typed("<All>confirmed by the laboratory<Save>")
    assert again.isHidden(), again.problem()
    assert again.saved().confirmed == "confirmed by the laboratory"
    last = opened(LabResultForm(None, session, patient.id, again.saved()))
    last.value.input().setFocus()
    typed("<All>12.8<Save>")
    assert last.isHidden(), last.problem()
    assert last.saved().confirmed is None


def test_the_results_of_the_day_are_edited_and_a_cleared_one_goes(
    session, patient, results, opened, typed, steps
):
    form = opened(LabsForm(None, session, patient.id, DAY))
    assert cell(form, "hb").text() == "12.0"
    assert not form.is_touched()
    cell(form, "hb").setFocus()
    typed("<All>11.9")
    cell(form, "plt").setFocus()
    typed("<All><Del>")
    assert row_of(form, "plt").remark.text() == "The result 230 will be deleted."
    typed("<Save>")
    assert steps == ["Edit labs"]
    left = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert [(result.analyte, result.value_text) for result in left] == [("hb", "11.9")]
    assert left[0].id == results[0].id
    session.undo()
    assert kinds.of_patient(session.casebook, LabResult, patient.id) == results


def test_a_cleared_result_below_detection_is_named_with_its_sign(session, patient, opened):
    below = LabResult(
        patient_id=patient.id, taken_on=DAY, analyte="anc", comparator="<", value=Decimal("0.3")
    )
    session.do("x", lambda step: labs.save_all(step, [below]))
    form = opened(LabsForm(None, session, patient.id, DAY))
    cell(form, "anc").clear()
    assert row_of(form, "anc").remark.text() == "The result <0.3 will be deleted."


def test_an_unchanged_day_is_closed_without_a_step(session, patient, results, opened, typed, steps):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<Save>")
    assert form.saved() == results
    assert steps == []


def test_nothing_entered_is_said(form, typed, steps):
    typed("<Save>")
    assert form.isVisible()
    assert form.problem() == "Enter at least one value. Nothing was saved."


def test_another_date_moves_the_results_of_an_opened_day(session, patient, results, opened, typed):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<All>2025-03-06")
    assert form.taken_on.value() == date(2025, 3, 6)
    typed("<Save>")
    moved = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert {result.taken_on for result in moved} == {date(2025, 3, 6)}
    assert [result.id for result in moved] == [result.id for result in results]


def test_what_was_typed_goes_along_to_another_date(session, patient, results, opened, typed):
    form = opened(LabsForm(None, session, patient.id))
    cell(form, "wbc").setFocus()
    typed("4.4")
    form.taken_on.input().setFocus()
    typed("<All>2025-03-07")
    assert cell(form, "hb").text() == "12.0"
    assert cell(form, "wbc").text() == "4.4"
    typed("<Save>")
    assert form.isHidden(), form.problem()
    assert kept(session, patient) == ["hb 12.0 -", "plt 230 -", "wbc 4.4 -"]


def test_a_result_of_another_date_is_not_overwritten(
    session, patient, results, opened, typed, steps
):
    form = opened(LabsForm(None, session, patient.id))
    cell(form, "hb").setFocus()
    typed("7,7")
    form.taken_on.input().setFocus()
    typed("<All>7/3/2025")
    assert form.taken_on.value() == DAY
    assert values_of(form, "hb") == ["12.0", "7,7"]
    typed("<Save>")
    assert form.isVisible()
    assert "There is already a result for" in form.grid.rows[1].remark.text()
    assert form.grid.rows[1].cells[VALUE].hasFocus()
    assert steps == []
    form.taken_at.input().setFocus()
    typed("1430<Save>")
    assert form.isHidden(), form.problem()
    assert kept(session, patient) == ["hb 12.0 -", "hb 7.7 14:30", "plt 230 -"]


def test_the_same_result_of_another_date_is_one_result(
    session, patient, results, opened, typed, steps
):
    form = opened(LabsForm(None, session, patient.id))
    cell(form, "hb").setFocus()
    typed("12.0")
    form.taken_on.input().setFocus()
    typed("<All>2025-03-07")
    assert values_of(form, "hb") == ["12.0"]
    typed("<All>2025-03-06")
    assert values_of(form, "hb") == ["12.0"]
    typed("<All>2025-03-07<Save>")
    assert form.isHidden(), form.problem()
    assert steps == []


def test_a_unit_typed_alone_does_not_clear_a_result_of_another_date(
    session, patient, results, opened, typed
):
    form = opened(LabsForm(None, session, patient.id))
    cell(form, "hb", UNIT).setFocus()
    typed("<All>g/L")
    form.taken_on.input().setFocus()
    typed("<All>2025-03-07<Save>")
    assert form.isVisible()
    assert form.grid.rows[1].remark.text() == "The value is missing."
    assert kept(session, patient) == ["hb 12.0 -", "plt 230 -"]


def test_two_samples_of_one_analyte_go_along_to_another_date(form, typed):
    typed("<Tab>1430")
    cell(form, "hb").setFocus()
    typed("7.7")
    form.more.input().setFocus()
    typed("hb<Enter>7.9")
    form.taken_on.input().setFocus()
    typed("<All>2025-03-07")
    assert values_of(form, "hb") == ["7.7", "7.9"]
    typed("<All>2025-03-06")
    assert values_of(form, "hb") == ["7.7", "7.9"]


def test_an_analyte_is_added_by_any_of_its_names(form, typed):
    form.more.input().setFocus()
    typed("cromogranina<Enter>")
    assert form.grid.rows[-1].line.key == "cga"
    assert cell(form, "cga").hasFocus()
    typed("812<Save>")
    assert [result.analyte for result in form.saved()] == ["cga"]


def test_an_unknown_analyte_can_be_added_as_it_is_written(form, typed):
    form.more.input().setFocus()
    typed("Zonulin<Enter>4<Save>")
    assert [result.analyte for result in form.saved()] == ["Zonulin"]


def test_limits_without_a_value_are_not_dropped_silently(form, typed):
    cell(form, "hb", ULN).setFocus()
    typed("17<Save>")
    assert row_of(form, "hb").remark.text() == "The value is missing."


def test_the_keyboard_leads_through_the_grid(form, typed):
    cell(form, "hb").setFocus()
    for keys, expected in (
        ("<Right>", cell(form, "hb", UNIT)),
        ("<Tab>", cell(form, "hb", LLN)),
        ("<Tab>", cell(form, "hb", ULN)),
        ("<Down>", cell(form, "wbc", ULN)),
        ("<Backtab>", cell(form, "wbc", LLN)),
        ("<Enter>", cell(form, "anc")),
        ("<Up>", cell(form, "wbc")),
        ("<Backtab>", cell(form, "hb")),
    ):
        typed(keys)
        assert QApplication.focusWidget() is expected, keys
    cell(form, USUAL[-1]).setFocus()
    typed("<Enter>")
    assert form.more.input().hasFocus()


def test_a_second_result_of_the_day_needs_its_time(session, patient, results, opened, typed, steps):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<Tab>1430")
    form.more.input().setFocus()
    typed("plt<Enter>")
    typed("210<Save>")
    assert form.isHidden(), form.problem()
    found = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert sorted(f"{r.analyte} {r.taken_at}" for r in found) == [
        "hb None",
        "plt 14:30:00",
        "plt None",
    ]


def test_values_of_another_time_are_another_sample(session, patient, morning, opened, typed, steps):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<Tab>1430")
    cell(form, "hb").setFocus()
    typed("<All>9.9<Tab>3.1")
    cell(form, "plt").setFocus()
    typed("<All>230<Save>")
    assert form.isHidden(), form.problem()
    assert steps == ["Edit labs"]
    assert kept(session, patient) == [
        "hb 12.0 08:00",
        "hb 9.9 14:30",
        "plt 230 08:00",
        "plt 230 14:30",
        "wbc 3.1 14:30",
    ]
    session.undo()
    assert kinds.of_patient(session.casebook, LabResult, patient.id) == morning


def test_values_of_the_same_time_are_edited(session, patient, morning, opened, typed):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<Tab>0800")
    cell(form, "hb").setFocus()
    typed("<All>9.9<Save>")
    assert kept(session, patient) == ["hb 9.9 08:00", "plt 230 08:00"]


def test_a_time_and_a_date_move_the_results_and_add_the_other_sample(
    session, patient, morning, opened, typed
):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<All>2025-03-06<Tab>1430")
    cell(form, "hb").setFocus()
    typed("<All>9.9<Save>")
    assert form.isHidden(), form.problem()
    assert kept(session, patient) == ["hb 12.0 08:00", "hb 9.9 14:30", "plt 230 08:00"]
    moved = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert {result.taken_on for result in moved} == {date(2025, 3, 6)}


def test_a_time_alone_is_given_to_results_without_one(
    session, patient, results, opened, typed, steps
):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<Tab>0800<Save>")
    assert form.isHidden(), form.problem()
    assert steps == ["Edit labs"]
    assert kept(session, patient) == ["hb 12.0 08:00", "plt 230 08:00"]
    session.undo()
    assert kinds.of_patient(session.casebook, LabResult, patient.id) == results


def test_another_time_alone_is_not_thrown_away(session, patient, morning, opened, typed, steps):
    form = opened(LabsForm(None, session, patient.id, DAY))
    typed("<Tab>1430<Save>")
    assert form.isVisible()
    assert form.problem().startswith("Nothing was saved: enter the values")
    assert steps == []


def test_a_time_of_another_day_is_refused(form, typed, steps):
    typed("<All>2025-03-07<Tab>8/3/2025 0800")
    cell(form, "hb").setFocus()
    typed("9.9<Save>")
    assert form.isVisible()
    assert form.taken_at.problem() == "This time is on another day."
    assert steps == []


def test_escape_asks_before_a_typed_time_is_lost(form, typed, answer):
    typed("<Tab>14")
    asked = answer("Keep editing")
    typed("<Esc>")
    assert asked
    assert form.isVisible()


def test_a_unit_is_kept_as_the_last_result_wrote_it(session, patient, opened, typed):
    written = labs.LabResult(
        patient_id=patient.id, taken_on=DAY, analyte="plt", value=Decimal(230), unit="G/l"
    )
    session.do("x", lambda step: labs.save(step, written))
    form = opened(LabsForm(None, session, patient.id))
    assert cell(form, "plt", UNIT).text() == "G/l"
    cell(form, "plt").setFocus()
    typed("44<Save>")
    assert form.saved()[0].unit == "G/l"


def limits(session, **given):
    about: dict[str, Any] = {
        "analyte": "plt",
        "unit": "10*9/L",
        "lln": Decimal(140),
        "uln": Decimal(380),
    }
    limit = LaboratoryLimit(**(about | given))
    return session.do("x", lambda step: laboratory_limits.save(step, limit))


def test_the_laboratory_of_the_day_is_kept_with_its_results(form, session, patient, typed):
    cell(form, "plt").setFocus()
    typed("92")
    form.laboratory.input().setFocus()
    typed("North")
    form.laboratory.keep()
    typed("<Save>")
    assert form.isHidden(), form.problem()
    [saved] = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert (saved.laboratory, saved.lln, saved.uln) == ("North", None, None)


def test_the_laboratory_of_the_last_results_is_offered_for_new_ones_only(
    session, patient, results, opened, typed
):
    named = [replace(result, laboratory="North") for result in results]
    session.do("x", lambda step: [labs.save(step, one) for one in named])
    form = opened(LabsForm(None, session, patient.id))
    assert form.laboratory.value() == "North"
    cell(form, "wbc").setFocus()
    typed("4.4<Save>")
    assert {one.laboratory for one in form.saved()} == {"North"}


def test_another_laboratory_is_given_to_all_results_of_the_day(
    session, patient, results, opened, typed
):
    form = opened(LabsForm(None, session, patient.id, DAY))
    form.laboratory.input().setFocus()
    typed("South")
    form.laboratory.keep()
    typed("<Save>")
    assert form.isHidden(), form.problem()
    found = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert {one.laboratory for one in found} == {"South"}
    session.undo()
    found = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert {one.laboratory for one in found} == {None}


def test_grey_limits_are_those_of_the_laboratory_by_which_results_are_graded(
    session, patient, opened, typed
):
    limits(session, laboratory="North")
    form = opened(LabsForm(None, session, patient.id))
    assert cell(form, "plt", LLN).placeholderText() == "150"
    form.laboratory.input().setFocus()
    typed("North")
    assert cell(form, "plt", LLN).placeholderText() == "140"
    assert "graded by it" in cell(form, "plt", LLN).toolTip()
    cell(form, "plt", UNIT).setText("/uL")
    assert cell(form, "plt", ULN).placeholderText() == "380000"
    cell(form, "plt", ULN).setText("400000")
    assert cell(form, "plt", LLN).placeholderText() == ""


def test_default_limits_are_never_in_powers_of_ten(form):
    cell(form, "plt", UNIT).setText("/uL")
    texts = [cell(form, "plt", column).placeholderText() for column in (LLN, ULN)]
    assert texts == ["150000", "400000"]


def test_limits_of_one_laboratory_are_not_copied_for_another(
    session, patient, results, opened, typed
):
    named = [replace(result, laboratory="North") for result in results]
    session.do("x", lambda step: [labs.save(step, one) for one in named])
    form = opened(LabsForm(None, session, patient.id))
    assert cell(form, "plt", LLN).text() == "150"
    form.laboratory.input().setFocus()
    typed("<All>South")
    assert cell(form, "plt", LLN).text() == ""
    typed("<All>North")
    assert cell(form, "plt", LLN).text() == "150"
    assert not row_of(form, "plt").is_touched()


def test_a_fasting_glucose_is_found_by_its_name_and_kept_as_such(form, session, patient, typed):
    form.more.input().setFocus()
    typed("fasting glu<Enter>161<Save>")
    assert form.isHidden(), form.problem()
    [saved] = kinds.of_patient(session.casebook, LabResult, patient.id)
    assert (saved.analyte, saved.fasting) == ("gluc", True)


def test_a_comma_for_thousands_is_asked_about_in_value_and_limits(form, typed, steps):
    both = "“{}” can mean {} or {}: write one of these."
    cell(form, "plt").setText("1,234")
    assert row_of(form, "plt").remark.text() == both.format("1,234", "1.234", "1234")
    typed("<Save>")
    assert steps == []
    assert row_of(form, "plt").remark.text() == both.format("1,234", "1.234", "1234")
    cell(form, "plt").clear()
    cell(form, "wbc", UNIT).setText("/µL")
    cell(form, "wbc").setText("3500")
    cell(form, "wbc", LLN).setText("4,000")
    assert row_of(form, "wbc").remark.text() == both.format("4,000", "4.000", "4000")
    typed("<Save>")
    assert steps == []
    cell(form, "wbc", LLN).setText("4000")
    cell(form, "wbc", ULN).setText("11000")
    typed("<Save>")
    assert form.saved()[0].lln == 4000
