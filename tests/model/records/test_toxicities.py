"""How a toxicity is named, and the phase and cycle that its onset suggests."""

from datetime import date

import pytest

from model.dates import PartialDate
from model.records.life import Life
from model.records.toxicities import Toxicity, label, suggested_cycle, suggested_phase

OTHER = "Hepatobiliary disorders - Other, specify"


@pytest.mark.parametrize(
    ("term", "verbatims", "expected"),
    [
        ("Anemia", ("low Hb",), "Anemia"),
        (OTHER, ("liver impairment",), "Liver impairment"),
        (OTHER, (), "Hepatobiliary disorders, other"),
        (OTHER, (None, ""), "Hepatobiliary disorders, other"),
        (OTHER, ("liver impairment", "biloma", "Liver Impairment"), "Biloma, liver impairment"),
        (OTHER, ("SIRS",), "SIRS"),
    ],
)
def test_other_specify_is_named_by_what_was_specified(
    term: str, verbatims: tuple[str, ...], expected: str
) -> None:
    assert label(term, *verbatims) == expected


@pytest.mark.parametrize(
    ("term", "verbatim", "expected"),
    [
        ("Lymphocyte count decreased", None, "lymphopenia"),
        ("Lymphocyte count increased", None, "lymphocytosis"),
        ("Hemoglobin increased", None, "hemoglobin increased"),
        ("Anemia", None, "anemia"),
        ("GGT increased", None, "GGT increased"),
        ("INR increased", None, "INR increased"),
        ("Creatinine increased", None, "creatinine increased"),
        (OTHER, "liver impairment", "liver impairment"),
    ],
)
def test_a_short_name_keeps_the_direction(term: str, verbatim: str | None, expected: str) -> None:
    event = Toxicity(patient_id=1, term=term, verbatim=verbatim, ctcae_version="5.0", grade=3)
    assert event.short_label == expected


def test_no_two_directions_of_a_term_share_a_short_name() -> None:
    from model.ctcae.terms import terms

    for version in ("5.0", "6.0"):
        names = [term.name for term in terms(version)]
        short = [
            Toxicity(patient_id=1, term=name, ctcae_version=version, grade=1).short_label
            for name in names
        ]
        assert len(set(short)) == len(short)


LIFE = Life(cycles=((1, date(2024, 3, 28)), (2, date(2024, 5, 31))))


@pytest.mark.parametrize(
    ("onset", "phase", "cycle"),
    [
        ("2024-03-28", "acute", 1),
        ("2024-04-05", "long_term", 1),
        ("2024-04", None, 1),  # acute until the 4th
        ("2024-05", None, None),  # the second cycle was on the 31st
        ("2024-07", "long_term", 2),
        ("2024-02", None, None),
        ("2024", None, None),
    ],
)
def test_a_partial_onset_suggests_what_all_its_days_agree_on(
    onset: str, phase: str | None, cycle: int | None
) -> None:
    when = PartialDate.parse(onset)
    assert (suggested_phase(when, LIFE), suggested_cycle(when, LIFE)) == (phase, cycle)
