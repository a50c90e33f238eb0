"""What waits for a decision in the demo, where nearly all of it was decided."""

from __future__ import annotations

from pathlib import Path

from model.exchange.new_casebook import new_casebook
from model.grading import review
from model.records.patient_records import load
from model.store.casebook import Casebook

DEMO = Path(__file__).parents[3] / "resources" / "demo"


def test_the_demo_has_three_proposals_to_review(tmp_path: Path) -> None:
    new_casebook(tmp_path / "demo.theralog", folder=DEMO)
    waiting = []
    with Casebook.open(tmp_path / "demo.theralog") as casebook:
        for row in casebook.rows("select id, code from patient order by code"):
            patient = load(casebook, row["id"])
            assert patient is not None
            waiting += [
                (row["code"], one.term, one.grade, str(one.result.taken_on))
                for one in review.proposals_to_review(patient)
            ]
    assert waiting == [
        ("SYN-015", "White blood cell decreased", 1, "2026-01-06"),
        ("SYN-015", "Lymphocyte count decreased", 1, "2025-10-13"),
        ("SYN-016", "Platelet count decreased", 1, "2025-12-29"),
    ]
