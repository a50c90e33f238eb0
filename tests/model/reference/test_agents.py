"""The ranges of agents: what is asked about, what is refused, and what has none."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from model.errors import InvalidRecord
from model.records import cycles
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.patients import Patient
from model.reference import agents, nuclides
from model.reference.tables import rows
from model.store.casebook import Casebook

AC = Administration(number=1, nuclide="225Ac", ligand="DOTA-LM3", unit="MBq")


def test_every_range_is_in_order_of_a_known_nuclide_and_has_its_source() -> None:
    for row in rows("agents.csv"):
        agent = agents.find(row["nuclide"], row["ligand"])
        assert agent is not None
        assert agent.nuclide in nuclides.nuclides()
        assert 0 < agent.usual_from < agent.usual_to < agent.impossible_above
        assert agent.source


def test_eight_gigabecquerels_of_actinium_are_impossible() -> None:
    given = replace(AC, prescribed_mbq=8000.0)
    said = "8 GBq of 225Ac is impossible: 2–20 MBq is usual. Do you mean 8 MBq?"
    assert given.problems() == {"prescribed_mbq": said}


@pytest.mark.parametrize(
    ("nuclide", "mbq", "said"),
    [
        ("177Lu", 4.0, "4 MBq of 177Lu is far below the usual 1–12 GBq. Do you mean 4 GBq?"),
        ("177Lu", 900.0, "900 MBq of 177Lu is below the usual 1–12 GBq."),
        ("225Ac", 40.0, "40 MBq of 225Ac is above the usual 2–20 MBq."),
        ("Ac-225", 0.2, "0.2 MBq of 225Ac is far below the usual 2–20 MBq."),
        ("177Lu", 7400.0, None),
        ("225Ac", 2.0, None),
        ("225Ac", 20.0, None),
        ("177Lu", None, None),
        ("211At", 8000.0, None),
        ("Lu", 4.0, None),
    ],
)
def test_an_unusual_activity_must_be_confirmed(
    nuclide: str, mbq: float | None, said: str | None
) -> None:
    given = Administration(number=1, nuclide=nuclide, prescribed_mbq=mbq)
    assert given.problems() == {}
    assert given.questions().get("prescribed_mbq") == said


def test_an_unknown_agent_is_neither_questioned_nor_refused() -> None:
    given = Administration(number=1, nuclide="149Tb", prescribed_mbq=1e6, administered_mbq=1e6)
    assert (given.problems(), given.questions()) == ({}, {})


def test_a_ligand_may_have_a_range_of_its_own() -> None:
    assert agents.why_unusual("131I", None, 18_500.0) is not None
    assert agents.why_unusual("131I", "mibg", 18_500.0) is None


@pytest.mark.parametrize(
    "name", ["prescribed_mbq", "calibrated_mbq", "measured_mbq", "administered_mbq"]
)
def test_no_activity_may_be_impossible(name: str) -> None:
    above: dict[str, Any] = {name: 101.0}
    at: dict[str, Any] = {name: 100.0}
    assert set(replace(AC, **above).problems()) == {name}
    assert replace(AC, **at).problems() == {}


def test_a_calibrated_activity_is_checked_at_the_start() -> None:
    gallium = Administration(
        number=1,
        nuclide="68Ga",
        unit="MBq",
        calibrated_mbq=5000.0,
        calibrated_at=datetime(2025, 3, 10, 6, 0),
        started_at=datetime(2025, 3, 10, 10, 30),
    )
    assert gallium.problems() == {}
    assert gallium.questions() == {}
    assert set(replace(gallium, calibrated_at=None).problems()) == {"calibrated_mbq"}


def test_a_wrong_day_of_measurement_must_be_confirmed() -> None:
    given = replace(
        AC,
        measured_mbq=8.0,
        measured_at=datetime(2025, 3, 10, 9, 0),
        started_at=datetime(2025, 5, 10, 10, 0),
    )
    assert set(given.questions()) == {"measured_at"}


def test_times_in_the_wrong_order_must_be_confirmed() -> None:
    begun = datetime(2025, 3, 10, 23, 45)
    given = replace(
        AC,
        measured_mbq=8.0,
        measured_at=datetime(2025, 3, 10, 23, 30),
        started_at=begun,
        residual_mbq=0.2,
        residual_at=datetime(2025, 3, 11, 0, 30),
    )
    assert given.questions() == {}
    # Past midnight, but the day was left as it was.
    assert set(replace(given, residual_at=datetime(2025, 3, 10, 0, 30)).questions()) == {
        "residual_at"
    }
    assert set(replace(given, measured_at=datetime(2025, 3, 11, 0, 5)).questions()) == {
        "measured_at"
    }


def test_an_impossible_activity_is_not_saved(casebook: Casebook, patient: Patient) -> None:
    cycle = Cycle(patient_id=patient.id or 0, number=1, given_on=date(2025, 3, 10))
    with pytest.raises(InvalidRecord) as raised, casebook.step("Add cycle") as step:
        cycles.save(step, cycle, [replace(AC, administered_mbq=8000.0)])
    assert set(raised.value.problems) == {"1.administered_mbq"}
    assert cycles.of_patient(casebook, patient.id or 0) == []
