"""Export, new, export: identical files and equal records, for the demo and for anything."""

import csv
import hashlib
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.ctcae import terms
from model.ctcae.terms import VERSIONS
from model.dates import PartialDate
from model.exchange.new_casebook import new_casebook
from model.exchange.tidy import pictures as tidy_pictures
from model.exchange.tidy import reading as tidy_reading
from model.exchange.tidy import writing as tidy_writing
from model.records import checks, contents, images
from model.records.administrations import Administration
from model.records.assessments import RESPONSES, Assessment
from model.records.biopsies import WHO_GRADES, Biopsy, Metastasis
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.images import DICOM, JPEG, PNG, TIFF, KeyImage
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult, with_canonical
from model.records.notes import Note, QualityOfLife
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patients import SEXES, Identity, Patient
from model.records.therapies import BEST_RESPONSES, Therapy
from model.records.toxicities import PHASES, Dismissal, Toxicity
from model.reference.activities import UNITS
from model.reference.vocabulary import fold
from model.store import rows as records
from model.store.casebook import Casebook
from model.store.ids import new_id
from tests.model.exchange.conftest import DEMO


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


DATES = st.dates(date(2001, 1, 1), date(2090, 12, 31))
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
MOMENTS = st.builds(datetime.combine, DATES, TIMES)
PARTIAL = DATES.map(PartialDate.of) | st.builds(PartialDate, st.integers(2001, 2090))
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXT = st.text(LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["=1+1", "'=x", "''-", "@a", '"', "a,b", "a\r\nb", "\n", "\r", " lead", "trail ", "'", "-5"]
)
NUMBER = st.floats(0, 1e6)
WRITTEN = st.decimals(0, 10**6, places=2) | st.sampled_from([Decimal("1E+3"), Decimal("0.10")])
PARENT = st.just(0)


FILES = {
    1: (PNG, b"\x89PNG\r\n\x1a\n 1"),
    2: (PNG, b"\x89PNG\r\n\x1a\n 2"),
    3: (JPEG, b"\xff\xd8\xff 3"),
    4: (TIFF, b"II*\x00 4"),
    5: (DICOM, bytes(128) + b"DICM 5"),
}


def key_images() -> st.SearchStrategy[KeyImage]:
    return st.sampled_from(sorted(FILES)).flatmap(
        lambda data_id: st.builds(
            KeyImage,
            patient_id=PARENT,
            assessment_id=maybe(st.just(1)),
            taken_on=maybe(DATES),
            media_type=st.just(FILES[data_id][0]),
            caption=maybe(TEXT),
            image_data_id=st.just(data_id),
            thumbnail_data_id=maybe(st.sampled_from([1, 2])),
        )
    )


def patients() -> st.SearchStrategy[Patient]:
    return st.builds(
        Patient,
        code=TEXT,
        sex=maybe(st.sampled_from(SEXES)),
        age_at_index=maybe(st.integers(0, 130)),
        height_cm=maybe(st.floats(30, 260)),
        primary_site=maybe(TEXT),
        diagnosed_on=maybe(PARTIAL),
        functional_syndrome=maybe(TEXT),
        disease_status=maybe(st.sampled_from(["AWD", "NED"])),
        index_on=maybe(DATES),
        ctcae_version=maybe(st.sampled_from(VERSIONS)),
        comment=maybe(TEXT),
    )


def administrations() -> st.SearchStrategy[Administration]:
    return st.builds(
        Administration,
        number=st.integers(1, 3),
        nuclide=st.sampled_from(["225Ac", "177Lu", "Lu-177"]) | TEXT,
        ligand=maybe(TEXT),
        given_on=maybe(DATES),
        unit=st.sampled_from(UNITS),
        prescribed_mbq=maybe(NUMBER),
        calibrated_mbq=maybe(NUMBER),
        calibrated_at=maybe(MOMENTS),
        measured_mbq=maybe(NUMBER),
        measured_at=maybe(MOMENTS),
        residual_mbq=maybe(st.floats(0, 1)),
        residual_at=maybe(MOMENTS),
        started_at=maybe(MOMENTS),
        administered_mbq=maybe(NUMBER),
        route=maybe(TEXT),
        batch_number=maybe(TEXT),
        comment=maybe(TEXT),
    )


def toxicities() -> st.SearchStrategy[Toxicity]:
    return st.sampled_from([term for version in VERSIONS for term in terms.terms(version)]).flatmap(
        lambda term: st.builds(
            Toxicity,
            patient_id=PARENT,
            cycle_id=maybe(st.just(1)),
            verbatim=maybe(TEXT),
            term=st.just(term.name),
            ctcae_version=st.just(term.version),
            phase=maybe(st.sampled_from(PHASES)),
            grade=st.sampled_from(term.grades),
            onset_on=maybe(PARTIAL),
            resolved_on=maybe(DATES),
            outcome=maybe(TEXT),
            attribution=maybe(TEXT),
            treatment_emergent=maybe(st.booleans()),
            lab_result_id=maybe(st.just(1)),
            comment=maybe(TEXT),
        )
    )


OF_A_PATIENT = st.one_of(
    st.builds(
        Identity,
        patient_id=PARENT,
        family_name=maybe(TEXT),
        given_name=maybe(TEXT),
        record_number=maybe(TEXT),
        born_on=maybe(st.builds(PartialDate, st.integers(1961, 1990))),
    ),
    st.builds(
        Biopsy,
        patient_id=PARENT,
        taken_on=maybe(PARTIAL),
        event=maybe(TEXT),
        site=maybe(TEXT),
        who_grade=maybe(st.sampled_from(WHO_GRADES)),
        differentiation=maybe(TEXT),
        ki67_percent=maybe(st.floats(0, 100)),
        ki67_written=maybe(st.sampled_from(["<2", ">20", "20-25", "30–40", "≥55", "~20"])),
        mitoses_per_2mm2=maybe(NUMBER),
        comment=maybe(TEXT),
    ),
    st.builds(
        Metastasis, patient_id=PARENT, site=TEXT, found_on=maybe(PARTIAL), comment=maybe(TEXT)
    ),
    st.builds(
        Therapy,
        patient_id=PARENT,
        number=st.integers(1, 5),
        category=TEXT,
        description=maybe(TEXT),
        started_on=maybe(PARTIAL),
        ended_on=maybe(PARTIAL),
        ongoing=st.booleans(),
        concomitant=st.booleans(),
        best_response=maybe(st.sampled_from(BEST_RESPONSES)),
        reason_stopped=maybe(TEXT),
        comment=maybe(TEXT),
    ),
    st.builds(
        LabResult,
        patient_id=PARENT,
        taken_on=DATES,
        taken_at=maybe(TIMES),
        visit=maybe(TEXT),
        analyte=st.sampled_from(["hb", "plt", "crea"]) | TEXT,
        comparator=maybe(st.sampled_from("<>")),
        value=WRITTEN,
        unit=maybe(st.sampled_from(["g/dL", "10*9/L"]) | TEXT),
        lln=maybe(WRITTEN),
        uln=maybe(WRITTEN),
        fasting=maybe(st.booleans()),
        laboratory=maybe(TEXT),
        confirmed=maybe(TEXT),
        comment=maybe(TEXT),
    ),
    toxicities(),
    st.builds(
        Assessment,
        patient_id=PARENT,
        assessed_on=DATES,
        timepoint=maybe(TEXT),
        modality=maybe(TEXT),
        criteria=maybe(TEXT),
        response=maybe(st.sampled_from(RESPONSES)),
        after_cycle=maybe(st.integers(0, 9)),
        sum_of_diameters_mm=maybe(NUMBER),
        suvmax=maybe(NUMBER),
        krenning=maybe(st.integers(0, 4)),
        netpet=maybe(TEXT),
        comment=maybe(TEXT),
    ),
    key_images(),
    st.builds(
        EndOfTreatment,
        patient_id=PARENT,
        ended_on=DATES,
        reason=maybe(TEXT),
        comment=maybe(TEXT),
    ),
    st.builds(
        FollowUp,
        patient_id=PARENT,
        seen_on=DATES,
        status=st.sampled_from(["alive", "unknown", "dead"]),
        cause=maybe(TEXT),
        ecog=maybe(st.integers(0, 5)),
        weight_kg=maybe(st.floats(1, 400)),
        comment=maybe(TEXT),
    ),
    st.builds(
        QualityOfLife,
        patient_id=PARENT,
        stated_on=DATES,
        statement=maybe(TEXT),
        instrument=maybe(TEXT),
        score=maybe(st.floats(-1e3, 1e3)),
    ),
    st.builds(Note, patient_id=PARENT, written_on=DATES, text=TEXT),
    st.builds(
        Cycle,
        patient_id=PARENT,
        number=st.integers(1, 4),
        given_on=DATES,
        ecog=maybe(st.integers(0, 5)),
        weight_kg=maybe(st.floats(1, 400)),
        comment=maybe(TEXT),
    ),
    administrations(),
    st.builds(
        Dismissal,
        patient_id=PARENT,
        lab_result_id=PARENT,
        toxicity_id=maybe(st.just(1)),
        term=st.sampled_from(("Anemia", "Platelet count decreased")),
        ctcae_version=st.sampled_from(VERSIONS),
        grade=st.integers(1, 4),
        reason=maybe(TEXT),
    ),
)
COURSES = st.lists(st.tuples(patients(), st.lists(OF_A_PATIENT, max_size=14)), max_size=4)
SETTINGS = st.dictionaries(TEXT.filter(lambda name: "_" not in name), st.text(LETTERS), max_size=3)


def gathered(courses: list[tuple[Patient, list[Any]]]) -> Contents:
    """Records with ids, tied to their patients; those that break a rule or a key left out."""
    found = Contents()
    lists = found.lists
    codes: set[str] = set()
    for patient, of_patient in courses:
        if patient.code in codes:
            continue
        codes.add(patient.code)
        born = any(isinstance(one, Identity) and one.born_on for one in of_patient)
        age = None if born else patient.age_at_index
        found.of(Patient).append(replace(patient, id=new_id(), age_at_index=age))
        here, result, seen, event = None, None, None, None
        for one in of_patient:
            saved = replace(one, id=new_id())
            if isinstance(one, Administration):
                saved = replace(saved, cycle_id=here.id if here else None)
                if here is None or saved.given_on == here.given_on:
                    continue
            else:
                saved = replace(saved, patient_id=found.of(Patient)[-1].id)
            if isinstance(saved, Toxicity):
                saved = replace(
                    saved,
                    cycle_id=here.id if saved.cycle_id and here else None,
                    lab_result_id=result.id if saved.lab_result_id and result else None,
                )
            if isinstance(saved, KeyImage):
                saved = replace(
                    saved, assessment_id=seen.id if saved.assessment_id and seen else None
                )
            if isinstance(saved, Dismissal):
                if result is None:
                    continue
                saved = replace(saved, lab_result_id=result.id)
                if saved.toxicity_id and event:
                    known = {name: getattr(event, name) for name in OF_EVENT}
                    saved = replace(saved, toxicity_id=event.id, **known)
                else:
                    saved = replace(saved, toxicity_id=None)
            if isinstance(saved, LabResult):
                saved = with_canonical(saved)
            if not clashes(saved, lists[type(one)]):
                lists[type(one)].append(saved)
                here = saved if isinstance(saved, Cycle) else here
                result = saved if isinstance(saved, LabResult) else result
                seen = saved if isinstance(saved, Assessment) else seen
                if isinstance(saved, Toxicity) and not any(
                    all(getattr(other, n) == getattr(saved, n) for n in ("onset_on", *OF_EVENT))
                    for other in lists[Toxicity][:-1]
                ):
                    event = saved
    while broken := {id(record) for record, _ in contents.problems(found)}:
        gone = {record.id for record in found.records() if id(record) in broken}
        while gone:
            # What was tied to something that goes, goes as well, and what was tied to that.
            going = gone
            gone = set()
            for one in lists.values():
                kept = [
                    record
                    for record in one
                    if not going & {getattr(record, name, None) for name in ("id", *TIES)}
                ]
                gone |= {record.id for record in one} - {record.id for record in kept} - going
                one[:] = kept
    return found


TIES = ("patient_id", "cycle_id", "lab_result_id", "assessment_id", "toxicity_id")
OF_EVENT = ("term", "ctcae_version", "grade")
KEYS = {
    Identity: ("patient_id",),
    Metastasis: ("patient_id", "site"),
    Therapy: ("patient_id", "number"),
    Cycle: ("patient_id", "number"),
    Administration: ("cycle_id", "number"),
    LabResult: ("patient_id", "taken_on", "taken_at", "analyte"),
    FollowUp: ("patient_id", "seen_on"),
    EndOfTreatment: ("patient_id", "ended_on"),
    Dismissal: ("lab_result_id", "term", "ctcae_version", "grade", "toxicity_id"),
}


def word(value: Any) -> Any:
    """What a value is compared by: two spellings of a word are one."""
    return fold(value) if isinstance(value, str) else value


def clashes(record: Any, others: list[Any]) -> bool:
    names = KEYS.get(type(record))
    if names:
        key = [word(getattr(record, name)) for name in names]
        return any([word(getattr(other, name)) for name in names] == key for other in others)
    return any(replace(other, id=record.id) == record for other in others)


def told(found: Contents) -> list[Any]:
    """All records by what they say and what they are tied to, without ids."""
    codes = {patient.id: patient.code for patient in found.of(Patient)}
    cycles = {cycle.id: (codes[cycle.patient_id], cycle.number) for cycle in found.of(Cycle)}
    results = {one.id: (one.taken_on, one.taken_at, one.analyte) for one in found.of(LabResult)}
    seen = {
        one.id: (codes[one.patient_id], one.assessed_on, place)
        for place, one in enumerate(found.of(Assessment))
    }
    events = {
        one.id: (codes[one.patient_id], one.term, one.grade, one.onset_on)
        for one in found.of(Toxicity)
    }
    ways: dict[str, Any] = {
        "toxicity_id": events,
        **{"patient_id": codes, "cycle_id": cycles, "lab_result_id": results},
        **{"assessment_id": seen, "image_data_id": found.image_hashes},
        "thumbnail_data_id": found.image_hashes,
    }
    return [
        (
            type(record).__name__,
            {
                name: ways[name].get(value) if name in ways else value
                for name, value in records.to_row(record).items()
                if name != "id"
            },
        )
        for record in found.records()
    ]


def stored(path: Path, found: Contents) -> Contents:
    with Casebook.create(path) as casebook:
        with casebook.step("Put all") as step:
            for data_id, (_, content) in FILES.items():
                sha256 = hashlib.sha256(content).hexdigest()
                step._insert("image_data", {"id": data_id, "sha256": sha256, "bytes": content})
            for record in found.records():
                row = records.to_row(record)
                step._insert(record.TABLE, row | {"changed_at": step.at})
            for name, value in found.settings.items():
                step.put("setting", {"name": name, "value": value})
        return contents.load(casebook)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def exported(casebook_path: Path, folder: Path) -> tuple[Contents, dict[str, bytes]]:
    folder.mkdir()
    with Casebook.open(casebook_path) as casebook:
        found = contents.load(casebook)
        tidy_pictures.write(folder, found, lambda data_id: images.content(casebook, data_id))
    tidy_writing.write(folder, found)
    return found, files(folder)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(COURSES, SETTINGS)
def test_any_casebook_comes_back_equal_and_is_exported_the_same(
    courses: list[Any], named: dict[str, str]
) -> None:
    with TemporaryDirectory() as place:
        here = Path(place)
        found = gathered(courses)
        found.settings = named
        first = stored(here / "first.theralog", found)
        exported(here / "first.theralog", here / "out")
        new_casebook(here / "second.theralog", folder=here / "out")
        second, again = exported(here / "second.theralog", here / "again")
        assert told(second) == told(first)
        assert second.settings == first.settings
        assert again == files(here / "out")


def test_the_demo_comes_back_in_its_own_rows_and_columns(tmp_path: Path) -> None:
    new_casebook(tmp_path / "demo.theralog", folder=DEMO)
    _, written = exported(tmp_path / "demo.theralog", tmp_path / "out")
    for path in DEMO.glob("*.csv"):
        given_rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        rows = list(csv.reader(written[path.name].decode().splitlines()))
        assert [row[: len(given_rows[0])] for row in rows] == given_rows
    assert all(b"\r\n" in content and b"\n" in content for content in written.values())


def test_the_same_facts_in_another_spelling_are_the_same(folder: Path, tmp_path: Path) -> None:
    plain = tidy_reading.read(folder)
    for path in folder.glob("*.csv"):
        lines = path.read_bytes().replace(b"\r\n", b"\n")
        path.write_bytes(b"\xef\xbb\xbf" + lines + b"\n\n" + b"," * 3 + b"\n")
    spelled = tidy_reading.read(folder)
    assert told(spelled.contents) == told(plain.contents)


def test_an_absent_table_is_an_empty_one(folder: Path) -> None:
    for name in ("qol.csv", "metastases.csv", "labs.csv", "toxicities.csv", "key_images.csv"):
        (folder / name).unlink()
    (folder / "responses.csv").unlink()
    assert tidy_reading.read(folder).contents.of(LabResult) == []


def test_an_import_is_journalled_as_a_batch_and_undone_as_a_whole(tmp_path: Path) -> None:
    new_casebook(tmp_path / "demo.theralog", folder=DEMO)
    with Casebook.open(tmp_path / "demo.theralog") as casebook:
        batch = casebook.rows("select * from batch")[0]
        assert batch["file_name"] == DEMO.name
        assert '"labs": 4455' in batch["row_counts"]
        imported = casebook.rows("select count(*) as n from lab_result where batch_id is not null")
        assert imported[0]["n"] == 4455
        assert casebook.undo_label == "Import folder"
        assert casebook.undo() is not None
        assert casebook.rows("select 1 from patient, lab_result, cycle, batch, setting") == []
        assert casebook.redo() is not None
        imported = casebook.rows("select count(*) as n from lab_result where batch_id is not null")
        assert imported[0]["n"] == 4455
        assert checks.check(casebook) == []


def test_an_import_that_is_not_undoable_is_out_of_reach_of_undo(tmp_path: Path) -> None:
    new_casebook(tmp_path / "demo.theralog", folder=DEMO, undoable=False)
    with Casebook.open(tmp_path / "demo.theralog") as casebook:
        assert casebook.undo_label is None
        assert casebook.undo() is None
        assert casebook.rows("select distinct kind from journal") == [{"kind": "event"}]


def test_activities_times_and_links_survive(tmp_path: Path) -> None:
    patient = Patient(id=1, code="P-1", index_on=date(2024, 1, 1))
    cycle = Cycle(id=2, patient_id=1, number=1, given_on=date(2024, 3, 7))
    administration = Administration(
        id=3,
        cycle_id=2,
        number=1,
        nuclide="177Lu",
        unit="GBq",
        measured_mbq=7421.37,
        measured_at=datetime(2024, 3, 7, 8, 0),
        residual_mbq=12.5,
        started_at=datetime(2024, 3, 7, 9, 30),
        administered_mbq=7400.0,
    )
    result = LabResult(
        id=4,
        patient_id=1,
        taken_on=date(2024, 4, 1),
        taken_at=time(9, 5),
        analyte="plt",
        comparator="<",
        value=Decimal("20.0"),
    )
    toxicity = Toxicity(
        id=5,
        patient_id=1,
        cycle_id=2,
        term="Platelet count decreased",
        ctcae_version="5.0",
        grade=4,
        lab_result_id=4,
    )
    found = Contents.holding([patient, cycle, administration, result, toxicity])
    tidy_writing.write(tmp_path, found)
    lines = (tmp_path / "administrations.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    assert (rows[0]["measured"], rows[0]["residual"], rows[0]["stated"]) == (
        "7.42137",
        "0.0125",
        "7.4",
    )
    assert told(tidy_reading.read(tmp_path).contents) == told(found)


def test_a_glucose_named_fasting_is_read_as_fasting(folder: Path) -> None:
    path = folder / "labs.csv"
    header = "patient_id,date,visit,analyte,value,unit,lln,uln,fasting\n"
    rows = "2023-07-28,,Fasting glucose,161,mg/dL,,99,", "2023-07-29,,1558-6,161,mg/dL,,99,N"
    path.write_text(header + "".join(f"SYN-001,{row}\n" for row in rows), encoding="utf-8")
    found = tidy_reading.read(folder).contents.of(LabResult)
    assert [(one.analyte, one.fasting) for one in found] == [("gluc", True), ("gluc", False)]


def test_limits_of_laboratories_and_what_they_fill_in_come_back(
    folder: Path, tmp_path: Path
) -> None:
    text = "laboratory,analyte,unit,sex,age_from,age_to,valid_from,valid_to,lln,uln,comment\r\n"
    text += ",HB,g/dL,,,,,,12.0,,\r\n"
    text += "North,PLT,/uL,F,18,64,2023-01-01,2099-12-31,140000,380000,printed\r\n"
    (folder / "laboratory_limits.csv").write_bytes(text.encode())
    header = "patient_id,date,visit,analyte,value,unit,lln,uln,time,fasting,laboratory,comment\r\n"
    rows = "SYN-001,2023-07-28,,PLT,120,10*9/L,,,,,North,\r\n"
    rows += "SYN-001,2023-07-28,,HB,11,g/dL,11.5,,,,North,\r\n"
    (folder / "labs.csv").write_bytes((header + rows).encode())
    (folder / "toxicities.csv").unlink()
    (folder / "dismissals.csv").unlink(missing_ok=True)
    new_casebook(tmp_path / "a.theralog", folder=folder)
    first, written = exported(tmp_path / "a.theralog", tmp_path / "out")
    assert written["laboratory_limits.csv"] == text.encode()
    labs = [row.split(",") for row in written["labs.csv"].decode().splitlines()]
    place = labs[0].index("limits_from")
    assert sorted((row[3], row[6], row[7], row[place]) for row in labs[1:]) == [
        ("HB", "11.5", "", "result"), ("PLT", "140", "380", "laboratory"),
    ]  # fmt: skip
    new_casebook(tmp_path / "b.theralog", folder=tmp_path / "out")
    second, again = exported(tmp_path / "b.theralog", tmp_path / "again")
    assert written == again
    of_own = [(one.analyte, one.lln, one.uln) for one in second.of(LabResult)]
    assert sorted(of_own) == [("hb", Decimal("11.5"), None), ("plt", None, None)]
    assert len(first.of(LaboratoryLimit)) == len(second.of(LaboratoryLimit)) == 2
