from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gui.forms.cycle import CycleForm
from model.records import cycles
from model.records.administrations import Administration


@pytest.fixture
def form(session, patient, opened):
    return opened(CycleForm(None, session, patient.id))


def test_a_tandem_cycle_is_entered_by_keys(form, session, patient, typed, steps):
    typed("<All>2025-03-10<Tab>1<Tab>71,5<Tab>fine<Tab>")
    typed("ac225<Tab>DOTA-LM3<Tab>7<Tab>8<Tab>2025-03-08 12:00<Tab>6.20<Tab>0940<Tab>0,1<Tab>")
    typed("10:50<Tab>1015<Tab>10:45<Tab>")
    typed("<Tab><Tab><Tab>")
    assert QApplication.focusWidget() is form.add_tandem
    typed("<Space>177Lu<Tab>DOTA-LM3<Tab>4<Tab><Tab><Tab>4.1<Save>")
    assert form.isHidden(), form.problem()
    assert steps == ["Add cycle"]
    saved = form.saved()
    assert saved == cycles.of_patient(session.casebook, patient.id)[0]
    assert (saved.cycle.number, saved.cycle.given_on) == (1, date(2025, 3, 10))
    assert (saved.cycle.ecog, saved.cycle.weight_kg, saved.cycle.comment) == (1, 71.5, "fine")
    alpha, beta = saved.administrations
    assert (alpha.agent, alpha.unit) == ("225Ac-DOTA-LM3", "MBq")
    assert (alpha.prescribed_mbq, alpha.measured_mbq, alpha.residual_mbq) == (7.0, 6.2, 0.1)
    assert (alpha.calibrated_mbq, alpha.calibrated_at) == (8.0, datetime(2025, 3, 8, 12, 0))
    assert alpha.measured_at == datetime(2025, 3, 10, 9, 40)
    assert alpha.ended_at == datetime(2025, 3, 10, 10, 45)
    assert (beta.nuclide, beta.unit, beta.prescribed_mbq) == ("177Lu", "GBq", 4000.0)
    assert beta.measured_mbq == 4100.0
    session.undo()
    assert cycles.of_patient(session.casebook, patient.id) == []


def test_the_administered_activity_is_counted_while_typing(form):
    fields = form.first.fields
    form.given_on.set_value(date(2025, 3, 10))
    for name, text in (
        ("nuclide", "225Ac"),
        ("measured_mbq", "6.20"),
        ("measured_at", "0940"),
        ("residual_mbq", "0.10"),
        ("residual_at", "1050"),
        ("started_at", "1015"),
    ):
        field = fields[name]
        field.set_value(text) if name == "nuclide" else field.edit.setText(text)
    assert form.first.lines.administered.text() == (
        "Administered 6.089 MBq = (6.20 − 0.10) decayed to 10:15, T½ 225Ac 10.0 d (ICRP 107)"
    )
    fields["started_at"].edit.clear()
    assert form.first.lines.administered.text() == (
        "Administered 6.1 MBq = (6.20 − 0.10), without decay: the start is missing"
    )


def test_the_unit_follows_the_nuclide(form, typed):
    form.first.nuclide.input().setFocus()
    typed("Lu-177")
    assert form.first.fields["measured_mbq"].unit() == "GBq"
    typed("<All>225Ac")
    assert form.first.fields["measured_mbq"].unit() == "MBq"


def test_a_number_that_changes_its_unit_is_remarked(form, typed):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>6<Backtab><Backtab><All>177Lu")
    assert form.first.nuclide.hint() == "Activities are now read in GBq."


def test_a_unit_that_comes_back_while_typing_is_not_remarked(form, typed):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>6<Backtab><Backtab><All>Ac-225")
    assert form.first.nuclide.hint() == ""


def test_an_element_alone_is_no_nuclide_and_takes_no_unit_over(
    session, patient, treatment, opened, typed
):
    form = opened(CycleForm(None, session, patient.id, like_last=True))
    form.first.nuclide.input().setFocus()
    assert form.first.fields["measured_mbq"].unit() == "MBq"
    typed("<All><Del>Lu<Keep><Tab><Tab><All>7.4<Tab><Tab><Tab>7.4")
    assert form.first.nuclide.hint() == (
        "“Lu” is not a nuclide known to Theralog: decay is not corrected. Do you mean 177Lu? "
        "Activities are now read in GBq."
    )
    typed("<Save>")
    given = form.saved().administrations[0]
    assert (given.nuclide, given.unit) == ("Lu", "GBq")
    assert (given.prescribed_mbq, given.measured_mbq) == (7400.0, 7400.0)


@pytest.mark.parametrize(
    ("typing", "offer"),
    [
        ("ac", " Do you mean 225Ac?"),
        ("Tc", " Do you mean 99mTc?"),
        ("Cu", ""),
        ("226Ac", ""),
        ("Xx", ""),
    ],
)
def test_a_nuclide_is_offered_where_only_one_can_be_meant(form, typed, typing, offer):
    form.first.nuclide.input().setFocus()
    typed(typing)
    said = f"“{typing}” is not a nuclide known to Theralog: decay is not corrected."
    assert form.first.nuclide.hint() == said + offer


def test_a_nuclide_is_remarked_only_once_it_cannot_become_a_known_one(form, typed):
    form.first.nuclide.input().setFocus()
    typed("177")
    assert form.first.nuclide.hint() == ""
    typed("<Keep><Tab>")
    assert form.first.nuclide.hint().startswith("“177” is not a nuclide")


def test_a_cycle_same_as_last_is_planned_like_it(session, patient, treatment, opened, typed):
    form = opened(CycleForm(None, session, patient.id, like_last=True))
    assert form.fields["number"].value() == 2
    assert form.given_on.value() == date.today()
    assert form.second.is_shown()
    assert not form.is_touched()
    typed("<All>c1+56<Save>")
    saved = form.saved()
    assert saved.cycle.given_on == date(2025, 5, 5)
    assert [given.agent for given in saved.administrations] == ["225Ac-DOTA-LM3", "177Lu-DOTA-LM3"]
    assert [given.prescribed_mbq for given in saved.administrations] == [7.0, 4000.0]
    assert [given.measured_mbq for given in saved.administrations] == [None, None]


def test_the_second_administration_can_be_removed(session, patient, treatment, opened, qtbot):
    form = opened(CycleForm(None, session, patient.id, treatment))
    qtbot.mouseClick(form.second.remove_button, Qt.MouseButton.LeftButton)
    assert form.is_touched()
    form.accept()
    assert [given.nuclide for given in form.saved().administrations] == ["225Ac"]


def test_a_hidden_second_administration_is_not_asked_for(form, typed):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Save>")
    assert form.isHidden()
    assert len(form.saved().administrations) == 1


def test_problems_of_an_administration_stand_under_its_field(form, typed):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab>")
    form.fields["1.measured_mbq"].input().setFocus()
    typed("1<Tab><Tab>5<Save>")
    assert form.isVisible()
    assert (
        form.fields["1.residual_mbq"].problem()
        == "The residual is larger than the measured activity."
    )


def test_a_cycle_without_known_administrations_can_be_edited(session, patient, opened, typed):
    cycle = cycles.Cycle(patient_id=patient.id, number=1, given_on=date(2025, 3, 10))
    old = session.do("x", lambda step: cycles.save(step, cycle, []))
    form = opened(CycleForm(None, session, patient.id, old))
    form.fields["comment"].input().setFocus()
    typed("late<Save>")
    assert form.isHidden(), form.problem()
    assert form.saved().administrations == ()


def test_what_the_form_does_not_show_stays_as_it_was(session, patient, treatment, opened, typed):
    alpha = replace(
        treatment.administrations[0], calibrated_mbq=7.3, measured_mbq=6.123456789, comment="vial 2"
    )
    old = session.do("x", lambda step: cycles.save(step, treatment.cycle, [alpha]))
    form = opened(CycleForm(None, session, patient.id, old))
    form.fields["comment"].input().setFocus()
    typed("late<Save>")
    assert form.saved().administrations == old.administrations


def test_a_stored_unit_is_kept_until_the_nuclide_changes(session, patient, opened):
    given = Administration(number=1, nuclide="177Lu", unit="MBq", measured_mbq=7400.0)
    cycle = cycles.Cycle(patient_id=patient.id, number=1, given_on=date(2025, 3, 10))
    old = session.do("x", lambda step: cycles.save(step, cycle, [given]))
    form = opened(CycleForm(None, session, patient.id, old))
    assert form.first.fields["measured_mbq"].raw() == "7400"
    assert form.first.fields["measured_mbq"].unit() == "MBq"
    assert form.first.entered() == old.administrations[0]


def test_a_second_day_is_typed_before_the_time_and_said(form):
    form.given_on.set_value(date(2025, 3, 10))
    field = form.first.fields["measured_at"]
    field.edit.setText("2025-03-09 22:30")
    assert field.value() == datetime(2025, 3, 9, 22, 30)
    assert field.hint() == "Sun 9 March 2025"


def test_over_ten_percent_from_the_prescribed_is_remarked(form):
    fields = form.first.fields
    fields["nuclide"].set_value("225Ac")
    fields["prescribed_mbq"].edit.setText("7")
    fields["administered_mbq"].edit.setText("6.3")
    assert form.first.lines.deviation.text() == ""
    fields["administered_mbq"].edit.setText("6.2")
    assert form.first.lines.deviation.text() == "11 % under the prescribed activity"


def test_nothing_of_one_vial_goes_into_the_next_cycle(session, patient, opened):
    full = Administration(
        number=1,
        nuclide="177Lu",
        ligand="DOTATATE",
        unit="GBq",
        prescribed_mbq=7400.0,
        calibrated_mbq=8000.0,
        calibrated_at=datetime(2025, 3, 9, 12, 0),
        measured_mbq=7500.0,
        measured_at=datetime(2025, 3, 10, 9, 0),
        residual_mbq=50.0,
        residual_at=datetime(2025, 3, 10, 11, 0),
        started_at=datetime(2025, 3, 10, 10, 0),
        ended_at=datetime(2025, 3, 10, 10, 30),
        administered_mbq=7400.0,
        route="intra-arterial",
        batch_number="B 17",
        comment="slow",
    )
    cycle = cycles.Cycle(patient_id=patient.id, number=1, given_on=date(2025, 3, 10), ecog=1)
    session.do("x", lambda step: cycles.save(step, cycle, [full]))
    form = opened(CycleForm(None, session, patient.id, like_last=True))
    entered = {name: field.raw() for name, field in form.first.fields.items() if field.raw()}
    assert entered == {
        "nuclide": "177Lu",
        "ligand": "DOTATATE",
        "prescribed_mbq": "7.4",
        "route": "Intra-arterial",
    }
    assert form.fields["number"].value() == 2
    assert form.fields["ecog"].value() is None


def test_a_new_cycle_and_a_first_like_the_last_begin_from_nothing(
    session, patient, opened, treatment
):
    form = opened(CycleForm(None, session, patient.id))
    assert form.first.is_empty()
    assert not form.second.is_shown()
    session.undo()
    first = opened(CycleForm(None, session, patient.id, like_last=True))
    assert first.first.is_empty()
    assert first.fields["number"].value() == 1


@pytest.mark.parametrize(
    ("nuclide", "written", "hint", "mbq"),
    [
        ("177Lu", "200 mCi", "= 7.4 GBq", 7400.0),
        ("177Lu", "0.2Ci", "= 7.4 GBq", 7400.0),
        ("177Lu", "7400 mbq", "= 7.4 GBq", 7400.0),
        ("225Ac", "160 uCi", "= 5.92 MBq", 5.92),
        ("225Ac", "160 µCi", "= 5.92 MBq", 5.92),
        ("225Ac", "0,006 GBq", "= 6 MBq", 6.0),
    ],
)
def test_an_activity_is_read_by_the_unit_written_with_it(form, typed, nuclide, written, hint, mbq):
    form.first.nuclide.input().setFocus()
    typed(f"{nuclide}<Tab><Tab>{written}")
    field = form.first.fields["prescribed_mbq"]
    assert field.hint() == hint
    typed("<Save>")
    assert form.isHidden(), form.problem()
    assert form.saved().administrations[0].prescribed_mbq == mbq


def test_letters_that_are_no_unit_are_refused(form, typed):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>8 mg<Save>")
    assert form.isVisible()
    said = "“mg” is not a unit of activity. Use MBq, GBq, mCi or µCi."
    assert form.fields["1.prescribed_mbq"].problem() == said


def test_eight_gigabecquerels_of_actinium_are_refused(form, typed, steps):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>8 GBq<Save>")
    assert form.isVisible()
    assert form.fields["1.prescribed_mbq"].problem() == (
        "8 GBq of 225Ac is impossible: 2–20 MBq is usual. Do you mean 8 MBq?"
    )
    assert steps == []


def test_an_unusual_activity_is_asked_about_once_and_stored(
    form, session, patient, typed, answer, opened, monkeypatch
):
    form.first.nuclide.input().setFocus()
    typed("177Lu<Tab><Tab>4 MBq")
    said = "4 MBq of 177Lu is far below the usual 1–12 GBq. Do you mean 4 GBq?"
    assert form.first.lines.doubt.text() == said
    asked = answer("Save")
    typed("<Save>")
    assert asked == ["MessageBox"]
    assert form.isHidden()
    saved = form.saved()
    assert saved.administrations[0].prescribed_mbq == 4.0
    monkeypatch.setattr(
        "gui.widgets.messages.ask", lambda *_about, **_more: pytest.fail("asked again")
    )
    again = opened(CycleForm(None, session, patient.id, saved))
    again.fields["comment"].input().setFocus()
    typed("late<Save>")
    assert again.isHidden()


def test_an_unusual_activity_that_is_not_kept_is_left_to_be_changed(form, typed, answer, steps):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>40")
    answer("Change")
    typed("<Save>")
    assert form.isVisible()
    assert steps == []
    field = form.fields["1.prescribed_mbq"]
    assert field.problem() == "40 MBq of 225Ac is above the usual 2–20 MBq."
    assert form.focusWidget() is field.input()


def test_a_residual_after_midnight_is_asked_about_until_it_has_its_day(form, typed, answer, steps):
    form.given_on.set_value(date(2025, 3, 10))
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>8<Tab><Tab><Tab>8<Tab>2330<Tab>0.1<Tab>0030<Tab>2345")
    answer("Change")
    typed("<Save>")
    assert steps == []
    field = form.fields["1.residual_at"]
    assert field.problem().startswith(
        "The residual was measured before the start of the administration"
    )
    assert form.focusWidget() is field.input()
    field.edit.setText("2025-03-11 00:30")
    form.accept()
    assert form.isHidden(), form.problem()
    given = form.saved().administrations[0]
    assert given.residual_at == datetime(2025, 3, 11, 0, 30)
    assert given.activity_mbq == pytest.approx(8 * 2 ** (-0.25 / 240) - 0.1 * 2 ** (0.75 / 240))


def test_a_calibrated_activity_is_offered_as_administered_with_one_key(form, typed, qtbot):
    form.given_on.set_value(date(2025, 3, 10))
    form.first.nuclide.input().setFocus()
    typed("177Lu<Tab><Tab><Tab>7.4<Tab>2025-03-09 10:00")
    form.first.fields["started_at"].input().setFocus()
    typed("16:00")
    lines = form.first.lines
    assert lines.calibrated.text() == (
        "Calibrated 7.40 GBq is 6.496 GBq at 2025-03-10 16:00, T½ 177Lu 6.647 d (ICRP 107)"
    )
    assert form.first.entered().activity_mbq is None
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    # A button that is pressed by its letter is seen to go down first.
    qtbot.waitUntil(lambda: form.first.entered().administered_mbq == 6496.0)
    assert not lines.take_button.isVisible()
    assert lines.administered.text() == (
        "Administered 6.496 GBq, as reported: calibrated 7.40 decayed to 2025-03-10 16:00,"
        " T½ 177Lu 6.647 d (ICRP 107)"
    )


def test_a_written_unit_outlives_a_change_of_the_nuclide(form, typed):
    form.first.nuclide.input().setFocus()
    typed("225Ac<Tab><Tab>7.4 GBq<Backtab><Backtab><All>177Lu")
    assert form.first.nuclide.hint() == ""
    assert form.first.fields["prescribed_mbq"].hint() == "= 7.4 GBq"
    assert form.first.entered().prescribed_mbq == 7400.0


def test_save_stays_in_sight_of_a_tandem_cycle_on_a_small_screen(
    session, patient, treatment, opened
):
    form = opened(CycleForm(None, session, patient.id, treatment))
    form.resize(form.width(), 640)
    last = form.second.fields["batch_number"].input()
    last.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    for widget in (last, form.save_button):
        assert form.rect().contains(widget.mapTo(form, widget.rect().bottomRight()))
    assert (
        form._scroll.viewport()
        .rect()
        .contains(last.mapTo(form._scroll.viewport(), last.rect().bottomRight()))
    )


def test_a_cycle_in_the_future_is_asked_about(form, typed, answer, steps, qtbot):
    typed("<All>1/1/2099")
    form.first.nuclide.input().setFocus()
    typed("177Lu<Tab>")
    answer("Change")
    typed("<Save>")
    assert steps == []
    assert form.given_on.problem() == "1 Jan 2099 is in the future."
    form.activateWindow()  # which a window manager does
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    answer("Save")
    typed("<Save>")
    assert form.isHidden()
    assert form.saved().cycle.given_on == date(2099, 1, 1)
