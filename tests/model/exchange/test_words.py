"""The same records in the words of a web form's labels give the same numbers everywhere."""

import csv
from datetime import date
from pathlib import Path

import pytest

from model.exchange import codebook
from model.exchange.export import export
from model.exchange.new_casebook import new_casebook
from model.records import cycles, kinds
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.patient_records import load
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from tests.model.exchange.conftest import DEMO

WORDS = Path(__file__).parents[2] / "files" / "words"
OPEN = {
    "patient": ("primary_site", "functional_syndrome"),
    "biopsy": ("event", "site", "differentiation"),
    "metastasis": ("site",),
    "therapy": ("category",),
    "administration": ("nuclide", "ligand", "route"),
    "toxicity": ("outcome", "attribution"),
    "assessment": ("timepoint", "modality", "criteria"),
    "follow_up": ("cause",),
}
"""The columns with words that the schema does not restrict."""


def files_of(casebook: Casebook, folder: Path) -> dict[str, str]:
    export(casebook, folder)
    return {
        path.name: path.read_text("utf-8")
        for path in folder.iterdir()
        if path.is_file() and path.name != codebook.JOURNAL_ANCHOR.file
    }


def test_labels_give_the_numbers_of_codes(tmp_path: Path) -> None:
    files = []
    for name in ("lower", "labels"):
        path = tmp_path / f"{name}.theralog"
        notes = new_casebook(path, folder=WORDS / name, today=date(2026, 12, 1))
        assert notes == []
        with Casebook.open(path) as casebook:
            files.append(files_of(casebook, tmp_path / name))
    lower, labels = files
    assert labels == lower
    rows = csv.DictReader(labels["summary.csv"].splitlines())
    sites = [row["level"] for row in rows if row["measure"].startswith("primary")]
    assert sites == ["pancreas"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("words") / "demo.theralog"
    new_casebook(path, folder=DEMO)
    return path


def test_a_casebook_with_words_in_capitals_gives_the_same_numbers(
    demo: Path, tmp_path: Path
) -> None:
    """Such as an earlier version kept: it is compared and shown as the words are spelled now."""
    with Casebook.open(demo) as casebook:
        before = files_of(casebook, tmp_path / "before")
    with Casebook.open(demo) as casebook:
        for table, columns in OPEN.items():
            for column in columns:
                casebook._db.execute(
                    f"update {table} set {column} = upper(replace({column}, '_', '  ')) || ' '"
                )
        casebook._db.execute("update toxicity set term = upper(term) || '  '")
        casebook._db.execute("update dismissal set term = upper(term)")
        casebook._db.execute(
            "update administration set nuclide = ' lu-177' where nuclide like '%LU%'"
        )
        after = files_of(casebook, tmp_path / "after")
        (first,) = casebook.rows("select id from patient where code = 'SYN-001'")
        records = load(casebook, first["id"])
        assert records is not None
        assert {each.agent for one in records.treatments for each in one.administrations} == {
            "225Ac-DOTA-LM3",
            "177Lu-DOTA-LM3",
        }
        assert kinds.of_patient(casebook, Biopsy, first["id"])[0].event == "diagnosis"
    assert after == before


def test_a_record_spells_its_words_whoever_makes_it() -> None:
    assert Patient(code="P", sex="female", primary_site="Small bowel ").sex == "F"
    assert Patient(code="P", primary_site="Small  bowel ").primary_site == "small_bowel"
    assert Biopsy(patient_id=1, event="Re-biopsy", who_grade="net g2").who_grade == "NET G2"
    assert Metastasis(patient_id=1, site="Lymph nodes").site == "lymph_node"
    assert Metastasis(patient_id=1, site=" left  Kidney").site == "left Kidney"
    assert Therapy(patient_id=1, number=1, category="PRRT").category == "prrt"
    assert FollowUp(patient_id=1, seen_on=date(2024, 1, 1), status="Died").status == "dead"
    event = Toxicity(
        patient_id=1, term="Nausea", ctcae_version="5", grade=2, outcome="Recovered/Resolved"
    )
    assert (event.outcome, event.ctcae_version, event.is_ongoing) == ("recovered", "5.0", False)
    assert Assessment(patient_id=1, assessed_on=date(2024, 1, 1), timepoint="Post cycle") == (
        Assessment(patient_id=1, assessed_on=date(2024, 1, 1), timepoint="post_cycle")
    )
    given = Administration(number=1, nuclide="Lutetium-177", ligand="dotatate", unit="gbq")
    assert (given.agent, given.unit) == ("177Lu-DOTATATE", "GBq")


def test_two_spellings_of_an_unknown_ligand_are_no_tandem() -> None:
    pair = [
        Administration(number=number, nuclide="177Lu", ligand=ligand)
        for number, ligand in enumerate(("NeoB", "neob "), start=1)
    ]
    cycle = Cycle(patient_id=1, number=1, given_on=date(2024, 1, 1))
    assert cycles.Treatment(cycle, tuple(pair)).modality == "monotherapy"
