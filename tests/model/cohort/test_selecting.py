"""Who is selected, what is seen up to a cut-off, and which day is T0."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.cohort import frames as cohort_frames
from model.cohort import freeze, selecting
from model.cohort.frames import Frames
from model.cohort.freeze import Frozen
from model.cohort.lines import TableLine
from model.cohort.options import Denominator, EventScope, Options, ToxicityCount, ToxicityRows
from model.cohort.paragraph import abstract
from model.cohort.selecting import apply_selection
from model.cohort.selection import (
    FILTER_INPUTS,
    T0,
    Filter,
    FilterInput,
    FilterKind,
    Selection,
    as_text,
    at_cut_off,
    from_text,
)
from model.cohort.tables import count_tables
from model.dates import PartialDate
from model.exchange.new_casebook import new_casebook
from model.records import (
    biopsies,
    cycles,
    labs,
    patients,
    therapies,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.assessments import save as save_assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from model.store.reader import Reader
from model.store.settings import DATA_CUTOFF, save_setting

ROOT = Path(__file__).parents[3]
AC, LU = "225Ac", "177Lu"
TOXICITY = ("acute_toxicity", "long_term_toxicity", "all_toxicity")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """A: tandem NET G3, died. B: 177Lu only, NET G2, alive. C: never treated, nothing recorded."""
    with Casebook.create(tmp_path_factory.mktemp("three") / "three.theralog") as casebook:
        with casebook.step("Fill") as step:
            a = patients.save(
                step,
                Patient(
                    code="A",
                    sex="F",
                    primary_site="pancreas",
                    age_at_index=60,
                    diagnosed_on=PartialDate(2020),
                ),
            ).id
            b = patients.save(step, Patient(code="B", sex="M", primary_site="small_bowel")).id
            patients.save(step, Patient(code="C"))
            assert a
            assert b
            given = [
                Administration(number=1, nuclide="Ac-225", ligand="DOTA-LM3", unit="MBq"),
                Administration(number=2, nuclide=LU, ligand="DOTA-LM3"),
            ]
            cycles.save(step, Cycle(patient_id=a, number=1, given_on=date(2024, 1, 8)), given[1:])
            cycles.save(step, Cycle(patient_id=a, number=2, given_on=date(2024, 3, 4)), given)
            beta = [Administration(number=1, nuclide=LU, ligand="DOTATATE")]
            cycles.save(step, Cycle(patient_id=b, number=1, given_on=date(2024, 6, 3)), beta)
            for taken_on, grade, ki67 in (
                (PartialDate(2020), "NET G2", 12.0),
                (PartialDate(2023, 11), "NET G3", 40.0),
            ):
                biopsy = Biopsy(patient_id=a, taken_on=taken_on, who_grade=grade, ki67_percent=ki67)
                biopsies.save(step, biopsy)
            biopsies.save(step, Biopsy(patient_id=b, event="diagnosis", who_grade="NET G2"))
            biopsies.save_metastasis(step, Metastasis(patient_id=a, site="liver"))
            therapies.save(step, Therapy(patient_id=a, number=1, category="prrt"))
            for day, value in (
                (date(2024, 1, 5), Decimal("13.0")),
                (date(2024, 2, 5), Decimal("7.5")),
            ):
                result = {"patient_id": a, "analyte": "hb", "unit": "g/dL"}
                labs.save_all(step, [LabResult(taken_on=day, value=value, **result)])  # type: ignore[arg-type]
            event = {"patient_id": a, "term": "Anemia", "ctcae_version": "5.0"}
            toxicities.save(
                step,
                Toxicity(
                    grade=3,
                    onset_on=PartialDate(2024, 2, 5),
                    resolved_on=date(2024, 5, 5),
                    **event,  # type: ignore[arg-type]
                ),
            )
            save_assessment(
                step, Assessment(patient_id=a, assessed_on=date(2024, 5, 6), response="PD")
            )
            whole_patient.save_follow_up(
                step, FollowUp(patient_id=a, seen_on=date(2024, 4, 1), status="alive")
            )
            whole_patient.save_follow_up(
                step, FollowUp(patient_id=a, seen_on=date(2024, 9, 1), status="dead")
            )
            whole_patient.save_follow_up(
                step, FollowUp(patient_id=b, seen_on=date(2024, 9, 1), status="alive")
            )
        yield casebook


@pytest.fixture(scope="module")
def everyone(three: Casebook) -> Frames:
    return cohort_frames.load(three)


def codes(frames: Frames) -> str:
    return "".join(frames.patients["code"])


def selected(frames: Frames, *filters: Filter, **more: object) -> Frames:
    return apply_selection(frames, Selection(filters=filters, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Filter(kind=FilterKind.NUCLIDE, values=("Ac-225",)), "A"),
        (Filter(kind=FilterKind.NUCLIDE, values=(LU,)), "AB"),
        (Filter(kind=FilterKind.AGENT, values=("177Lu-DOTATATE",)), "B"),
        (Filter(kind=FilterKind.LIGAND, values=("DOTA-LM3", "DOTATATE")), "AB"),
        (Filter(kind=FilterKind.MODALITY, values=("tandem",)), "A"),
        (Filter(kind=FilterKind.MODALITY, values=("monotherapy",)), "AB"),
        (Filter(kind=FilterKind.PRIMARY_SITE, values=("small_bowel", "not recorded")), "BC"),
        (Filter(kind=FilterKind.GRADE, values=("NET G3",)), "A"),
        (Filter(kind=FilterKind.GRADE, values=("NET G3",), negated=True), "BC"),
        (Filter(kind=FilterKind.KI67, low=20.0, high=55.0), "A"),
        (Filter(kind=FilterKind.KI67, high=20.0), ""),
        (Filter(kind=FilterKind.PRIOR_THERAPY, values=("prrt",)), "A"),
        (Filter(kind=FilterKind.FIRST_CYCLE, low=date(2024, 6, 3)), "B"),
        (Filter(kind=FilterKind.FIRST_CYCLE, high=date(2024, 1, 8)), "A"),
        (Filter(kind=FilterKind.CYCLES, low=1, high=1), "B"),
        (Filter(kind=FilterKind.STATUS, values=("dead",)), "A"),
        (Filter(kind=FilterKind.SEX, values=("F", "M")), "AB"),
        (Filter(kind=FilterKind.AGE, low=60), "A"),
        (Filter(kind=FilterKind.METASTASIS, values=("liver",), negated=True), "BC"),
        (Filter(kind=FilterKind.RECORDS, values=("lab results",), low=2), "A"),
        (Filter(kind=FilterKind.RECORDS, values=("biopsies",), low=1), "AB"),
        (Filter(kind=FilterKind.RECORDS, values=("toxicities",), high=0), "BC"),
    ],
)
def test_a_filter_finds_its_patients(everyone: Frames, asked: Filter, found: str) -> None:
    assert asked.problem() is None
    assert codes(selected(everyone, asked)) == found


def test_filters_compose_to_those_who_fulfil_all(everyone: Frames) -> None:
    one = Filter(kind=FilterKind.SEX, values=("F", "M"))
    two = Filter(kind=FilterKind.CYCLES, low=2)
    both = selected(everyone, one, two)
    assert codes(both) == codes(selected(selected(everyone, one), two)) == "A"
    assert set(both.labs["patient_id"]) == set(both.patients.index)
    assert len(both.cycles) == 2


def test_choices_are_what_occurs(everyone: Frames) -> None:
    assert selecting.choices(everyone, FilterKind.AGENT) == [
        "177Lu-DOTA-LM3",
        "177Lu-DOTATATE",
        "225Ac-DOTA-LM3",
    ]
    assert selecting.choices(everyone, FilterKind.NUCLIDE) == [LU, AC]
    assert selecting.choices(everyone, FilterKind.GRADE) == ["NET G2", "NET G3", "not recorded"]
    for kind in FilterKind:
        if FILTER_INPUTS[kind] is not FilterInput.VALUES:
            assert selecting.choices(everyone, kind) == []
        else:
            for value in selecting.choices(everyone, kind):
                assert codes(selected(everyone, Filter(kind=kind, values=(value,))))


def test_a_death_after_the_cut_off_is_alive_at_it(everyone: Frames) -> None:
    cut = selected(everyone, cut_off=date(2024, 6, 30))
    assert codes(cut) == "ABC"
    assert cut.patients["status"].tolist() == ["alive", "alive", "unknown"]
    assert {f"{day:%Y-%m-%d}" for day in cut.patients["last_on"].dropna()} == {"2024-06-30"}
    assert cut.toxicities["resolved_on"].notna().all()


def test_what_is_after_the_cut_off_is_not_seen(everyone: Frames) -> None:
    cut = selected(everyone, cut_off=date(2024, 2, 5))
    # Of B nothing with a date is known by then; of C nothing has a date.
    assert codes(cut) == "AC"
    assert cut.patients["cycles"].tolist() == [1, 0]
    assert len(cut.administrations) == 1
    assert len(cut.labs) == 2
    assert cut.toxicities["resolved_on"].isna().all()
    assert len(cut.assessments) == 0
    early = selected(everyone, cut_off=date(2024, 2, 4))
    assert len(early.labs) == 1
    assert len(early.toxicities) == 0


def test_filters_look_at_what_is_known_at_the_cut_off(everyone: Frames) -> None:
    tandem = Filter(kind=FilterKind.MODALITY, values=("tandem",))
    assert codes(selected(everyone, tandem, cut_off=date(2024, 3, 3))) == ""
    assert codes(selected(everyone, tandem, cut_off=date(2024, 3, 4))) == "A"


@pytest.mark.parametrize(
    ("t0", "day", "is_about"),
    [
        (Selection(), "2024-01-08", False),
        (Selection(t0=T0.FIRST_OF_NUCLIDE, t0_nuclide="ac225"), "2024-03-04", False),
        (Selection(t0=T0.DIAGNOSIS), "2020-07-01", True),
        (Selection(t0=T0.RECORDED), None, False),
    ],
)
def test_t0_is_the_day_that_was_chosen(
    everyone: Frames, t0: Selection, day: str | None, is_about: bool
) -> None:
    patient = apply_selection(everyone, t0).patients.iloc[0]
    assert (None if day is None else f"{patient['index_on']:%Y-%m-%d}") == day
    assert bool(patient["t0_is_about"]) == is_about
    # The recorded age is that at the usual T0.
    assert (patient["age"] == 60) == (t0 == Selection())


def test_a_month_of_diagnosis_does_not_reach_beyond_the_first_cycle(
    casebook: Casebook,
) -> None:
    with casebook.step("Add") as step:
        patient = patients.save(step, Patient(code="P", diagnosed_on=PartialDate(2024)))
        assert patient.id
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=date(2024, 1, 11)), [])
    found = selected(cohort_frames.load(casebook), t0=T0.DIAGNOSIS).patients
    assert f"{found['index_on'].iloc[0]:%Y-%m-%d}" == "2024-01-06"


def test_tables_say_what_they_count_and_from_which_day(everyone: Frames) -> None:
    chosen = Selection(t0=T0.DIAGNOSIS, cut_off=date(2025, 1, 1))
    options = Options(
        by=ToxicityRows.GROUP, count=ToxicityCount.EVENTS, denominator=Denominator.ALL
    )
    notes = {
        one.key: " ".join(one.notes)
        for one in count_tables(apply_selection(everyone, chosen), chosen, options)
    }
    assert "data cut-off 1 Jan 2025; T0 diagnosis" in notes["baseline"]
    assert "middle" in notes["survival"]
    assert "overestimated" in notes["survival"]
    assert "Recorded events are counted" in notes["all_toxicity"]
    assert "reporting groups" in notes["all_toxicity"]
    assert "all patients of the selection" in notes["all_toxicity"]


# Properties, on the demo cohort


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frames]:
    path = tmp_path_factory.mktemp("selecting") / "demo.theralog"
    new_casebook(path, folder=ROOT / "tests" / "files" / "demo_v1")
    with Casebook.open(path) as casebook:
        yield cohort_frames.load(casebook)


def numbers(
    frames: Frames, options: Options | None = None, only: tuple[str, ...] | None = None
) -> list[TableLine]:
    found = count_tables(frames, Selection(), options or Options(), only)
    return [line for one in found for line in one.lines]


def test_a_cut_off_far_in_the_future_is_none(demo: Frames) -> None:
    assert numbers(selected(demo, cut_off=date(2100, 1, 1))) == numbers(selected(demo))


def test_the_order_of_patients_does_not_matter(demo: Frames) -> None:
    turned = replace(demo, patients=demo.patients.iloc[::-1], read_labs=lambda: demo.labs)
    assert numbers(turned) == numbers(demo)


def test_a_patient_outside_the_filters_changes_nothing(demo: Frames) -> None:
    asked = Filter(kind=FilterKind.CYCLES, low=2)
    inside = selected(demo, asked)
    others = demo.patients.index.difference(inside.patients.index)
    without = Selection(filters=(asked,))
    fewer = selecting._only_patients(demo, demo.patients.index.drop(others[:3]))
    assert len(fewer.patients) == len(demo.patients) - 3
    assert numbers(apply_selection(fewer, without)) == numbers(inside)


FILTERS = st.sampled_from(
    [
        Filter(kind=FilterKind.SEX, values=("F",)),
        Filter(kind=FilterKind.SEX, values=("F",), negated=True),
        Filter(kind=FilterKind.CYCLES, low=2),
        Filter(kind=FilterKind.MODALITY, values=("tandem",)),
        Filter(kind=FilterKind.KI67, high=30.0),
        Filter(kind=FilterKind.PRIMARY_SITE, values=("pancreas",)),
        Filter(kind=FilterKind.STATUS, values=("alive",)),
    ]
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    filters=st.lists(FILTERS, max_size=3),
    cut_off=st.none() | st.dates(date(2022, 1, 1), date(2026, 6, 1)),
    count=st.sampled_from(ToxicityCount),
    by=st.sampled_from(ToxicityRows),
    events=st.sampled_from(EventScope),
    denominator=st.sampled_from(Denominator),
)
def test_grades_and_bands_add_up_whatever_is_selected(
    demo: Frames, filters: list[Filter], cut_off: date | None, count: ToxicityCount,
    by: ToxicityRows, events: EventScope, denominator: Denominator,
) -> None:  # fmt: skip
    options = Options(count=count, by=by, events=events, denominator=denominator)
    frames = selected(demo, *filters, cut_off=cut_off)
    lines = numbers(frames, options, ("baseline", "exposure", *TOXICITY, "response", "survival"))
    toxic = {
        (line.section, line.measure, line.level): line
        for line in lines
        if line.section.endswith("toxicity")
    }
    for section, measure in {key[:2] for key in toxic}:
        n = {level: toxic[section, measure, level].n or 0 for level in ("1", "2", "3", "4", "5")}
        assert toxic[section, measure, "1-2"].n == n["1"] + n["2"]
        assert toxic[section, measure, ">=3"].n == n["3"] + n["4"] + n["5"]
        assert toxic[section, measure, "any"].n == sum(n.values())
    for line in lines:
        assert set(line.patients) <= set(frames.patients.index)
        if line.of is not None and line.n is not None and line.share:
            assert line.n <= line.of
        if line.unit == "patients":
            assert line.n == len(line.patients) == len(set(line.patients))
    best = [line.n or 0 for line in lines if line.measure == "best response"]
    if denominator is not Denominator.IMAGED:
        assert sum(best) == len(frames.treated)


def test_reading_labs_is_left_until_it_is_needed(three: Casebook) -> None:
    class Silent(Reader):
        def __init__(self, reader: Reader) -> None:
            self.asked: list[str] = []
            self._reader = reader

        def rows(self, sql: str, /, **parameters: object) -> list[dict[str, object]]:
            self.asked.append(sql)
            return self._reader.rows(sql, **parameters)

        def columns(self, sql: str, /, **parameters: object) -> dict[str, list[object]]:
            self.asked.append(sql)
            return self._reader.columns(sql, **parameters)

    reader = Silent(three)
    frames = selected(cohort_frames.load(reader))
    count_tables(frames, only=["baseline", "survival"])
    # Only the day of each patient's last result, which is the last day known alive.
    assert not any("from lab_result" in sql and "value" in sql for sql in reader.asked)
    count_tables(frames, only=["nadirs"])
    assert any("from lab_result" in sql and "value" in sql for sql in reader.asked)


# The data cut-off of the casebook


@pytest.fixture
def cut(casebook: Casebook) -> Casebook:
    """A casebook with a data cut-off on 1 July, and records of A before and of B after it."""
    with casebook.step("Fill") as step:
        save_setting(step, DATA_CUTOFF, "2024-07-01")
        for code, first in (("A", date(2024, 3, 4)), ("B", date(2024, 8, 5))):
            key = patients.save(step, Patient(code=code)).id or 0
            given = [Administration(number=1, nuclide=AC, unit="MBq")]
            cycles.save(step, Cycle(patient_id=key, number=1, given_on=first), given)
            seen = FollowUp(patient_id=key, seen_on=date(2024, 9, 1), status="dead")
            whole_patient.save_follow_up(step, seen)
    return casebook


def counted_deaths(casebook: Casebook, selection: Selection) -> tuple[str, int, str]:
    frames = apply_selection(cohort_frames.load(casebook), selection)
    made = count_tables(frames, selection)
    lines = [line for table in made for line in table.lines]
    [deaths] = [line for line in lines if (line.measure, line.level) == ("OS", "events")]
    footnote = abstract.paragraph(frames, made, selection).footnote
    assert footnote.split(";")[1] == made[0].notes[0].split(";")[1]
    return codes(frames), deaths.n or 0, footnote.split(";")[1].strip()


def test_the_cut_off_of_the_casebook_applies_unless_another_is_chosen(cut: Casebook) -> None:
    assert counted_deaths(cut, Selection()) == ("A", 0, "data cut-off 1 Jul 2024")
    later = Selection(cut_off=date(2024, 9, 1))
    assert counted_deaths(cut, later) == ("AB", 2, "data cut-off 1 Sep 2024")
    none = Selection(without_cut_off=True)
    assert counted_deaths(cut, none) == ("AB", 2, "no data cut-off")


def test_a_saved_selection_follows_the_casebook_and_a_frozen_one_what_was_counted(
    cut: Casebook,
) -> None:
    for selection in (Selection(), Selection(without_cut_off=True)):
        assert from_text(as_text(selection)) == selection
    old = json.loads(as_text(Selection()))
    del old["without_cut_off"]
    assert from_text(json.dumps(old)) == Selection()

    def frozen(text: str) -> Frozen:
        return freeze.freeze(
            "Paper", (), selection=text, options="{}", sentence="", version="1", at="2024-06-01"
        )

    before_there_was_a_default = frozen(json.dumps(old)).chosen
    assert counted_deaths(cut, before_there_was_a_default)[2] == "no data cut-off"
    with_it = frozen(as_text(at_cut_off(Selection(), date(2024, 7, 1)))).chosen
    with cut.step("Change data cut-off") as step:
        save_setting(step, DATA_CUTOFF, "2025-01-01")
    assert counted_deaths(cut, with_it)[2] == "data cut-off 1 Jul 2024"
    assert counted_deaths(cut, Selection())[2] == "data cut-off 1 Jan 2025"


def test_a_cut_off_that_is_no_date_is_none(cut: Casebook) -> None:
    with cut.step("Change data cut-off") as step:
        save_setting(step, DATA_CUTOFF, "20240701")
    assert counted_deaths(cut, Selection())[2] == "no data cut-off"


def test_who_had_blood_taken_before_the_cut_off_was_known_at_it(cut: Casebook) -> None:
    with cut.step("Add result") as step:
        [b] = [each.id or 0 for each in patients.all_patients(step) if each.code == "B"]
        result = LabResult(
            patient_id=b, analyte="hb", value=Decimal(12), unit="g/dL", taken_on=date(2024, 6, 30)
        )
        labs.save(step, result)
    frames = apply_selection(cohort_frames.load(cut), Selection())
    assert codes(frames) == "AB"
    assert frames.patients["cycles"].tolist() == [1, 0]
