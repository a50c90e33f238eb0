"""A platelet count of 45 ×10⁹/L that was sent as 45000 with the unit of thousands.

`tests/files/implausible`: one patient, one cycle, and all results of one day before the next.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from model.cohort import frames as cohort_frames
from model.cohort.figures.spaghetti import spaghetti
from model.cohort.labs.nadirs import nadirs
from model.cohort.labs.shift import shifts
from model.cohort.tables import count_tables
from model.course.course import build_course
from model.course.other_patients import load_curves
from model.exchange.new_casebook import new_casebook
from model.grading.proposals import propose_grades
from model.grading.regrade import compare_versions
from model.readiness.facts import facts_of
from model.readiness.limits import Verdict
from model.readiness.outcomes import ALL_MET
from model.readiness.readiness import readiness
from model.readiness.rule_sets import GENERIC, shipped_sets, with_generic
from model.records import checks
from model.records.patient_records import PatientRecords, load
from model.store.casebook import Casebook

FOLDER = Path(__file__).parents[2] / "files" / "implausible"
TODAY = date(2024, 4, 26)
NAMED = {one.key: one for one in shipped_sets()}


def casebook_of(tmp: Path, *changes: tuple[str, str], confirmed: str = "") -> Path:
    """A casebook of the folder with other texts in its results, all of them confirmed or not."""
    folder = Path(shutil.copytree(FOLDER, tmp / "in"))
    header, *lines = (folder / "labs.csv").read_text().splitlines()
    text = "\n".join([f"{header},confirmed", *(f"{line},{confirmed}" for line in lines)])
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "labs.csv").write_text(f"{text}\n")
    path = tmp / "x.theralog"
    new_casebook(path, folder=folder)
    return path


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(casebook_of(tmp_path)) as casebook:
        yield casebook


def records_of(casebook: Casebook) -> PatientRecords:
    [row] = casebook.rows("select id from patient")
    loaded = load(casebook, row["id"])
    assert loaded is not None
    return loaded


@pytest.mark.parametrize("key", ["ALPHA_PRRT_DEFAULT", "IMPERIAL_UK", "LUTIA_TRIAL", "HEPAR_PLUS"])
def test_readiness_is_not_assessable_and_not_all_limits_are_met(
    key: str, casebook: Casebook
) -> None:
    found = readiness(
        with_generic(NAMED[key], NAMED[GENERIC]), facts_of(records_of(casebook), TODAY)
    )
    of_platelets = [
        each for each in found.outcomes if "plt" in {one.parameter for one in each.rule.limits}
    ]
    applicable = [each for each in of_platelets if each.verdict is not Verdict.DOES_NOT_APPLY]
    assert applicable
    for each in applicable:
        assert each.verdict is Verdict.NOT_ASSESSABLE
        assert "Check the unit" in each.finding.reason
    assert ALL_MET not in found.summary


def test_nothing_is_concluded_from_it(casebook: Casebook) -> None:
    records = records_of(casebook)
    assert [one for one in propose_grades(records) if one.result.analyte == "plt"] == []
    assert [one for one in compare_versions(records) if one.analyte == "plt"] == []
    shown = build_course(records)
    platelets = shown.trend("plt")
    assert (len(platelets.points), platelets.questioned) == (0, 1)
    assert (platelets.baseline, platelets.nadirs) == (None, ())
    assert "Platelets: 1 implausible result is not used: check its unit." in shown.unknowns(TODAY)
    frames = cohort_frames.load(casebook)
    assert "plt" not in set(nadirs(frames)["analyte"])
    for table in count_tables(frames, only=("nadirs", "shift")):
        [note] = [note for note in table.notes if "implausible" in note]
        assert note.startswith("1 result is left out")
    assert "plt" not in set(shifts(frames)["analyte"])
    assert spaghetti(frames, "plt").strands == ()
    assert load_curves(casebook, "plt", "×10⁹/L", without=0).patients == 0


def test_confirmed_as_right_it_counts_everywhere(tmp_path: Path) -> None:
    path = casebook_of(tmp_path, confirmed="measured twice")
    findings = checks.check_file(path, None, TODAY)
    assert (findings.faults, findings.questions) == ([], [])
    with Casebook.open(path) as casebook:
        records = records_of(casebook)
        rules = with_generic(NAMED["IMPERIAL_UK"], NAMED[GENERIC])
        of_platelets = [
            each
            for each in readiness(rules, facts_of(records, TODAY)).outcomes
            if "plt" in {one.parameter for one in each.rule.limits}
        ]
        assert Verdict.PASS in {each.verdict for each in of_platelets}
        platelets = build_course(records).trend("plt")
        assert (len(platelets.points), platelets.questioned) == (1, 0)
        assert platelets.nadirs[0].point.value == 45000
        frames = cohort_frames.load(casebook)
        assert "plt" in set(nadirs(frames)["analyte"])
        assert "plt" in set(shifts(frames)["analyte"])
        assert len(spaghetti(frames, "plt").strands) == 1
        assert load_curves(casebook, "plt", "×10⁹/L", without=0).patients == 1


def test_nothing_is_derived_from_an_implausible_creatinine(tmp_path: Path) -> None:
    path = casebook_of(tmp_path, ("crea,0.9,", "crea,88,"), ("egfr,80,", "ck,80,"))
    with Casebook.open(path) as casebook:
        records = records_of(casebook)
    shown = build_course(records)
    egfr = next(each for each in shown.derived if each.key == "egfr")
    assert egfr.value is None
    assert egfr.why_not == ("Creatinine: 88 is implausible in this unit. Check the unit (mg/dL).")
    assert "egfr" not in shown.trends


def test_an_older_derived_value_does_not_stand_in_for_a_questioned_one(tmp_path: Path) -> None:
    older = "T-1,2024-04-20,,crea,0.9,mg/dL,0.5,1.1,\n"
    path = casebook_of(
        tmp_path,
        ("T-1,2024-04-25,,crea,0.9,", f"{older}T-1,2024-04-25,,crea,88,"),
        ("egfr,", "ck,"),
    )
    with Casebook.open(path) as casebook:
        facts = facts_of(records_of(casebook), TODAY)
    sample = facts.newest("egfr", date.min)
    assert sample is not None
    assert sample.on == date(2024, 4, 20)
    assert "88 is implausible" in facts.doubt("egfr", sample)
    rules = with_generic(NAMED["IMPERIAL_UK"], NAMED[GENERIC])
    [kidney] = [
        each
        for each in readiness(rules, facts).outcomes
        if "egfr" in {one.parameter for one in each.rule.limits}
    ]
    assert kidney.verdict is Verdict.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        (("plt,45000,10*9/L,150,400", "plt,45,10*9/L,150000,400000"), "A lower limit of 150000"),
        (("wbc,5,10*9/L,4,11", "wbc,3500,/uL,4.000,11.000"), "A lower limit of 4.000"),
        (("hb,11,g/dL", "hb,128,g/dL"), "128 is implausible"),
    ],
)
def test_import_and_check_name_each_once(
    changed: tuple[str, str], doubt: str, tmp_path: Path
) -> None:
    path = casebook_of(tmp_path, changed)
    findings = checks.check_file(path, None, TODAY)
    assert findings.faults == []
    assert len([one for one in findings.questions if doubt in one]) == 1
    notes = new_casebook(tmp_path / "again.theralog", folder=tmp_path / "in", today=TODAY)
    assert len([note for note in notes if doubt in note]) == 1
    assert any("labs.csv, line" in note for note in notes)
