"""What a patient was given in all: each nuclide apart, and honest about what is not known."""

from datetime import date

import pytest

from model.records.administrations import Administration, Cumulative, cumulative
from model.records.cycles import Cycle, Treatment


def treatment(number: int, *given: tuple[str, float | None]) -> Treatment:
    return Treatment(
        Cycle(patient_id=1, number=number, given_on=date(2024, number, 1)),
        tuple(
            Administration(number=place, nuclide=nuclide, administered_mbq=mbq)
            for place, (nuclide, mbq) in enumerate(given, start=1)
        ),
    )


def sums(*treatments: Treatment) -> list[Cumulative]:
    return cumulative(given for each in treatments for given in each.administrations)


def test_nuclides_are_summed_apart_each_in_its_own_unit() -> None:
    found = sums(
        treatment(1, ("225Ac", 6.0), ("177Lu", 4000)),
        treatment(2, ("225Ac", 6.2), ("177Lu", 4000)),
    )
    assert [(one.nuclide, one.text) for one in found] == [
        ("225Ac", "12.2 MBq"),
        ("177Lu", "8 GBq"),
    ]
    assert [one.mbq for one in found] == [pytest.approx(12.2), 8000]


def test_a_sum_with_an_unknown_part_says_at_least() -> None:
    (found,) = sums(treatment(1, ("177Lu", 7400)), treatment(2, ("177Lu", None)))
    assert (found.text, found.at_least) == ("at least 7.4 GBq", True)


def test_wholly_unknown_activity_is_no_number() -> None:
    (found,) = sums(treatment(1, ("177Lu", None)))
    assert (found.text, found.mbq, found.at_least) == ("activity unknown", None, True)
