"""Any record saved comes back equal; any sequence of steps undone gives the starting tables."""

from dataclasses import FrozenInstanceError, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.ctcae.terms import VERSIONS
from model.dates import PartialDate
from model.errors import Conflict, InvalidRecord, UnreadableValue
from model.records import notes
from model.records.administrations import Administration
from model.records.assessments import RESPONSES, Assessment
from model.records.biopsies import WHO_GRADES, Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import STATUSES, FollowUp
from model.records.kinds import KINDS
from model.records.labs import LabResult
from model.records.notes import Note, QualityOfLife
from model.records.patients import DISEASE_STATUSES, SEXES, Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import PHASES, Toxicity
from model.reference.activities import UNITS
from model.store import rows as records
from model.store.casebook import Casebook

DATES = st.dates(date(1930, 1, 1), date(2060, 12, 31))
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
MOMENTS = st.builds(datetime.combine, DATES, TIMES)
PARTIAL = st.one_of(
    DATES.map(PartialDate.of),
    DATES.map(lambda day: PartialDate(day.year, day.month)),
    DATES.map(lambda day: PartialDate(day.year)),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
WORDS = TEXT.filter(bool)
AMOUNTS = st.floats(0, 1e6, allow_subnormal=False)
WRITTEN = st.decimals(0, 10**6, places=3) | st.decimals(0, 10**3, places=1)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def records_of(patient_id: int, cycle_id: int) -> st.SearchStrategy[Any]:
    """Records of every kind, of a patient with a cycle."""
    of_patient = {"patient_id": st.just(patient_id)}
    return st.one_of(
        st.builds(
            Patient,
            id=st.none(),
            code=st.uuids().map(str),
            sex=maybe(st.sampled_from(SEXES)),
            age_at_index=maybe(st.integers(0, 130)),
            height_cm=maybe(st.floats(30, 260)),
            primary_site=maybe(TEXT),
            diagnosed_on=maybe(PARTIAL),
            functional_syndrome=maybe(TEXT),
            disease_status=maybe(st.sampled_from(DISEASE_STATUSES)),
            index_on=maybe(DATES),
            ctcae_version=maybe(st.sampled_from(VERSIONS)),
            comment=maybe(TEXT),
        ),
        st.builds(
            Biopsy,
            id=st.none(),
            **of_patient,
            taken_on=maybe(PARTIAL),
            event=maybe(TEXT),
            site=maybe(TEXT),
            who_grade=maybe(st.sampled_from(WHO_GRADES)),
            differentiation=maybe(TEXT),
            ki67_percent=maybe(st.floats(0, 100)),
            mitoses_per_2mm2=maybe(AMOUNTS),
            comment=maybe(TEXT),
        ),
        st.builds(
            Metastasis,
            id=st.none(),
            **of_patient,
            site=st.uuids().map(str),
            found_on=maybe(PARTIAL),
            comment=maybe(TEXT),
        ),
        st.builds(
            Therapy,
            id=st.none(),
            **of_patient,
            number=st.integers(1, 2**50),
            category=WORDS,
            description=maybe(TEXT),
            started_on=maybe(PARTIAL),
            ended_on=st.none(),
            ongoing=st.booleans(),
            concomitant=st.booleans(),
            best_response=maybe(st.sampled_from(RESPONSES)),
            reason_stopped=maybe(TEXT),
            comment=maybe(TEXT),
        ),
        st.builds(
            Cycle,
            id=st.none(),
            **of_patient,
            number=st.integers(2, 2**50),
            given_on=DATES,
            ecog=maybe(st.integers(0, 5)),
            weight_kg=maybe(st.floats(1, 400)),
            comment=maybe(TEXT),
        ),
        st.builds(
            Administration,
            id=st.none(),
            cycle_id=st.just(cycle_id),
            number=st.integers(1, 2**50),
            nuclide=WORDS,
            ligand=maybe(TEXT),
            given_on=maybe(DATES),
            unit=st.sampled_from(UNITS),
            prescribed_mbq=maybe(AMOUNTS),
            calibrated_mbq=maybe(AMOUNTS),
            calibrated_at=maybe(MOMENTS),
            measured_mbq=maybe(AMOUNTS),
            measured_at=maybe(MOMENTS),
            residual_mbq=maybe(AMOUNTS),
            residual_at=maybe(MOMENTS),
            started_at=maybe(MOMENTS),
            ended_at=maybe(MOMENTS),
            administered_mbq=maybe(AMOUNTS),
            route=maybe(TEXT),
            batch_number=maybe(TEXT),
            comment=maybe(TEXT),
        ),
        st.builds(
            LabResult,
            id=st.none(),
            **of_patient,
            taken_on=DATES,
            taken_at=maybe(TIMES),
            visit=maybe(TEXT),
            analyte=WORDS,
            comparator=maybe(st.sampled_from("<>")),
            value=WRITTEN,
            unit=maybe(TEXT),
            canonical_value=maybe(AMOUNTS),
            lln=maybe(WRITTEN),
            uln=maybe(WRITTEN),
            fasting=maybe(st.booleans()),
            comment=maybe(TEXT),
        ),
        st.builds(
            Toxicity,
            id=st.none(),
            **of_patient,
            cycle_id=maybe(st.just(cycle_id)),
            verbatim=maybe(TEXT),
            term=WORDS,
            ctcae_version=st.sampled_from(VERSIONS),
            phase=maybe(st.sampled_from(PHASES)),
            grade=st.integers(1, 5),
            onset_on=maybe(DATES.map(PartialDate.of)),
            resolved_on=st.none(),
            outcome=maybe(TEXT),
            attribution=maybe(TEXT),
            treatment_emergent=maybe(st.booleans()),
            lab_result_id=st.none(),
            comment=maybe(TEXT),
        ),
        st.builds(
            Assessment,
            id=st.none(),
            **of_patient,
            assessed_on=DATES,
            timepoint=maybe(TEXT),
            modality=maybe(TEXT),
            criteria=maybe(TEXT),
            response=maybe(st.sampled_from(RESPONSES)),
            after_cycle=maybe(st.integers(0, 12)),
            sum_of_diameters_mm=maybe(AMOUNTS),
            suvmax=maybe(AMOUNTS),
            krenning=maybe(st.integers(0, 4)),
            netpet=maybe(TEXT),
            comment=maybe(TEXT),
        ),
        st.builds(
            FollowUp,
            id=st.none(),
            **of_patient,
            seen_on=DATES,
            status=st.sampled_from(STATUSES),
            cause=maybe(TEXT),
            ecog=maybe(st.integers(0, 5)),
            weight_kg=maybe(st.floats(1, 400)),
            comment=maybe(TEXT),
        ),
        st.builds(
            QualityOfLife,
            id=st.none(),
            **of_patient,
            stated_on=DATES,
            statement=TEXT,
            instrument=maybe(TEXT),
            score=maybe(AMOUNTS),
        ),
        st.builds(Note, id=st.none(), **of_patient, written_on=DATES, text=WORDS),
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One casebook for many examples, with a patient and a cycle in it."""
    path: Path = tmp_path_factory.mktemp("records") / "records.theralog"
    with Casebook.create(path) as casebook:
        casebook._db.execute("pragma synchronous = off")
        with casebook.step("Set up") as step:
            patient = records.put(step, Patient(code="P-1"))
            assert patient.id is not None
            cycle = records.put(
                step, Cycle(patient_id=patient.id, number=1, given_on=date(2024, 1, 2))
            )
            records.put(step, Identity(patient_id=patient.id, born_on=PartialDate(1960)))
        yield casebook, patient.id, cycle.id


def tables(casebook: Casebook) -> dict[str, list[dict[str, Any]]]:
    """All that was recorded, by table."""
    return {
        table: casebook.rows(f"select * from {table} order by id")
        for table in (*(kind.table for kind in KINDS), "setting", "batch")
    }


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_record_saved_comes_back_equal(shared: Any, data: st.DataObject) -> None:
    casebook, patient_id, cycle_id = shared
    record = data.draw(records_of(patient_id, cycle_id))
    with casebook.step("Add") as step:
        saved = records.put(step, record)
    try:
        assert saved.id is not None
        assert replace(saved, id=None) == record
        found = records.find(casebook, type(record), saved.id)
        assert found == saved
        [among_many] = records.select(
            casebook, type(record), f"from {record.TABLE} where id = {saved.id}"
        )
        # As text: 1 is equal to True, and 2 to Decimal("2").
        assert repr(among_many) == repr(found)
    finally:
        casebook.undo()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(data=st.data())
def test_any_sequence_of_steps_undone_gives_the_starting_tables(
    shared: Any, data: st.DataObject
) -> None:
    casebook, patient_id, cycle_id = shared
    start = tables(casebook)
    states = [start]
    saved: list[Any] = []
    try:
        for _ in range(data.draw(st.integers(1, 6))):
            with casebook.step("Some step") as step:
                for _ in range(data.draw(st.integers(1, 3))):
                    saved = _do_something(step, saved, data, patient_id, cycle_id)
            if step.change:
                states.append(tables(casebook))
        for state in reversed(states[:-1]):
            casebook.undo()
            assert tables(casebook) == state
        assert tables(casebook) == start
        for state in states[1:]:
            casebook.redo()
            assert tables(casebook) == state
    finally:
        while casebook.undo_label == "Some step":
            casebook.undo()


def _do_something(
    step: Any, saved: list[Any], data: st.DataObject, patient_id: int, cycle_id: int
) -> list[Any]:
    """Add, edit, delete or restore a record; gives back those there are."""
    deed = data.draw(st.sampled_from(("add", "edit", "delete", "restore")))
    if deed == "add" or not saved:
        taken = {(record.TABLE, _key(record)) for record in saved}
        record = data.draw(
            records_of(patient_id, cycle_id).filter(lambda new: (new.TABLE, _key(new)) not in taken)
        )
        return [*saved, records.put(step, record)]
    record = data.draw(st.sampled_from(saved))
    if deed == "delete":
        records.remove(step, record)
    elif deed == "restore":
        step.restore(record.TABLE, record.id)
    elif hasattr(record, "comment"):
        records.put(step, replace(record, comment=data.draw(TEXT)))
    return saved


def _key(record: Any) -> Any:
    """What may not be there twice."""
    named = ("code", "number", "seen_on", "site")
    return next((getattr(record, name) for name in named if hasattr(record, name)), record)


def test_a_record_that_was_never_saved_cannot_be_removed(casebook: Casebook) -> None:
    with pytest.raises(Conflict, match="never saved"), casebook.step("Delete") as step:
        records.remove(step, Patient(code="P-1"))


def test_selected_records_are_in_the_order_of_the_query_and_immutable(
    casebook: Casebook,
) -> None:
    with casebook.step("Add patients") as step:
        kept = [records.put(step, Patient(code=f"P-{number}")) for number in (2, 3, 1)]
    found = records.select(casebook, Patient, "from patient order by code desc")
    assert found == sorted(kept, key=lambda each: each.code, reverse=True)
    with pytest.raises(FrozenInstanceError):
        found[0].code = "P-4"  # type: ignore[misc]
    assert records.select(casebook, Patient, "from patient where code = 'P-5'") == []


def test_a_record_in_the_bin_is_not_found(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    with casebook.step("Delete patient") as step:
        records.remove(step, patient)
    assert records.find(casebook, Patient, patient.id) is None
    casebook.undo()
    assert records.find(casebook, Patient, patient.id) == patient


def test_digits_are_stored_as_written(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    result = LabResult(
        patient_id=patient.id,
        taken_on=date(2024, 1, 2),
        taken_at=time(8, 5),
        analyte="hb",
        value=Decimal("12.0"),
        unit="g/dL",
    )
    with casebook.step("Add result") as step:
        saved = records.put(step, result)
    assert saved.id is not None
    found = records.find(casebook, LabResult, saved.id)
    assert found is not None
    assert found.value_text == "12.0"
    assert found.taken_at == time(8, 5)


def test_an_identical_record_is_not_saved_twice(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    note = Note(patient_id=patient.id, written_on=date(2024, 1, 2), text="Seen.")
    with casebook.step("Add note") as step:
        saved = notes.save(step, note)
    with pytest.raises(InvalidRecord, match="already"), casebook.step("Add note") as step:
        notes.save(step, note)
    with casebook.step("Edit note") as step:
        assert notes.save(step, saved) == saved


def test_a_table_of_an_older_casebook_gives_its_missing_fields_their_defaults(
    casebook: Casebook, patient: Patient
) -> None:
    with casebook.step("Add") as step:
        result = LabResult(
            patient_id=patient.id or 0, taken_on=date(2024, 3, 1), analyte="hb", value=Decimal(128)
        )
        records.put(step, replace(result, confirmed="measured twice", laboratory="Rome"))
        step._db.execute("alter table lab_result drop column confirmed")
        step._db.execute("alter table lab_result drop column laboratory")
        [read] = records.select(step, LabResult, "from lab_result")
    assert replace(read, id=None) == result


UNREADABLE = [
    (Note, "written_on", "2024-0q-02"),
    (LabResult, "value", "12x"),
    (LabResult, "taken_at", "2024-01-02T25:00"),
    (Biopsy, "taken_on", "2021-3"),
]


@pytest.mark.parametrize(("kind", "column", "text"), UNREADABLE)
def test_a_value_that_cannot_be_read_is_named(
    casebook: Casebook, patient: Patient, kind: Any, column: str, text: str
) -> None:
    values: dict[str, Any] = {"patient_id": patient.id or 0}
    if kind is Note:
        values |= {"written_on": date(2024, 1, 2), "text": "Seen."}
    elif kind is LabResult:
        values |= {"taken_on": date(2024, 1, 2), "analyte": "hb", "value": Decimal(12)}
    else:
        values["taken_on"] = PartialDate(2021)
    if column not in kind.__dataclass_fields__:
        pytest.skip(column)
    with casebook.step("Add") as step:
        row_id = records.put(step, kind(**values)).id
        step._db.execute("pragma ignore_check_constraints = on")
        step._db.execute(
            f"update {kind.TABLE} set {column} = :text where id = :id", {"text": text, "id": row_id}
        )
        for read in (
            lambda: records.find(step, kind, row_id or 0),
            lambda: records.select(step, kind, f"from {kind.TABLE}"),
        ):
            with pytest.raises(UnreadableValue) as raised:
                read()
            error = raised.value
            assert (error.table, error.row_id, error.column) == (kind.TABLE, row_id, column)
            assert f"“{text}” in “{column}”" in str(error)


def test_a_text_that_is_not_utf_8_is_named(casebook: Casebook, patient: Patient) -> None:
    with casebook.step("Edit") as step:
        step._db.execute("update patient set code = cast(x'502DFF' as text)")
        for read in (
            lambda: records.find(step, Patient, patient.id or 0),
            lambda: step.columns("select code from patient"),
        ):
            with pytest.raises(UnreadableValue, match=r"“P-.” in “code”"):
                read()


def test_a_date_of_another_query_that_cannot_be_read_is_named() -> None:
    assert records.stored_date("2024-01-02", "last") == date(2024, 1, 2)
    with pytest.raises(UnreadableValue, match="“2024-01-32” in “last”"):
        records.stored_date("2024-01-32", "last")
