"""Reporting groups name terms that there are, each once, and toxicity can be counted by them."""

from collections import Counter
from datetime import date

from model.cohort import frames as cohort_frames
from model.cohort.groups import group_of, groups
from model.cohort.options import EventScope, Options, Phase, ToxicityCount, ToxicityRows
from model.cohort.toxicity import count_phase
from model.ctcae import terms
from model.ctcae.terms import VERSIONS
from model.dates import PartialDate
from model.records import cycles, patients, toxicities
from model.records.cycles import Cycle
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook


def test_every_term_of_a_group_is_one_of_ctcae_and_each_version_has_some_of_each_group() -> None:
    for group, names in groups().items():
        for name in names:
            assert any(terms.find_term(version, name) for version in VERSIONS), name
        for version in VERSIONS:
            assert any(terms.find_term(version, name) for name in names), (group, version)


def test_a_term_is_in_one_group_and_found_however_it_is_written() -> None:
    listed = Counter(name.casefold() for names in groups().values() for name in names)
    assert set(listed.values()) == {1}
    assert group_of("HEPATIC failure") == "liver impairment"
    assert group_of("Hiccups") is None


def test_terms_of_a_group_count_a_patient_once_by_the_worst(casebook: Casebook) -> None:
    with casebook.step("Fill") as step:
        patient = patients.save(step, Patient(code="P"))
        assert patient.id
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=date(2024, 1, 1)), [])
        for term, grade, day in (
            ("Hepatic failure", 3, 9),
            ("GGT increased", 2, 5),
            ("Hiccups", 1, 2),
            ("Hiccups", 1, 20),
        ):
            toxicities.save(
                step,
                Toxicity(
                    patient_id=patient.id,
                    term=term,
                    ctcae_version="5.0",
                    grade=grade,
                    onset_on=PartialDate(2024, 1, day),
                    phase="acute",
                ),
            )
    frames = cohort_frames.load(casebook)
    by_group = {
        (one.measure, one.level): one
        for one in count_phase(frames, Phase.ALL, Options(by=ToxicityRows.GROUP))
    }
    assert {key[0] for key in by_group} == {"any", "liver impairment", "Hiccups"}
    liver = by_group["liver impairment", ">=3"]
    assert (liver.n, liver.of) == (1, 1)
    assert liver.why(patient.id) == "Hepatic failure grade 3, 9 Jan 2024"
    assert by_group["liver impairment", "2"].n == 0
    events = {
        (one.measure, one.level): one
        for one in count_phase(frames, Phase.ACUTE, Options(count=ToxicityCount.EVENTS))
    }
    hiccups = events["Hiccups", "1"]
    assert (hiccups.n, hiccups.unit, hiccups.percent, hiccups.patients) == (
        2,
        "events",
        None,
        (patient.id,),
    )
    assert hiccups.why(patient.id) == "Hiccups grade 1, 2 Jan 2024; Hiccups grade 1, 20 Jan 2024"
    recorded = Options(events=EventScope.RECORDED)
    assert [line for phase in Phase for line in count_phase(frames, phase, recorded)] != []
    assert count_phase(frames, Phase.LONG_TERM)[-1].n == 0
