"""The demo's `summary.csv`, made as a user makes it, holds every number of the published study."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import main
from model.exchange.cohort_files import SECTIONS

ROOT = Path(__file__).parents[3]
Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


EXPECTED = {row["metric"]: row for row in read(ROOT / "tests" / "files" / "demo_expected.csv")}
PUBLISHED = [name for name, row in EXPECTED.items() if row["source"] == "published"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo folder, imported and exported on the command line."""
    return through_a_casebook(ROOT / "resources" / "demo", tmp_path_factory.mktemp("demo"))


def through_a_casebook(source: Path, place: Path) -> Path:
    casebook, folder = f"{place / 'demo.theralog'}", place / "out"
    assert main.main(["new", casebook, "--from", f"{source}"]) == 0
    assert main.main(["export", casebook, "--to", f"{folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def summary(exported: Path) -> Rows:
    return read(exported / "summary.csv")


def line(summary: Rows, section: str, measure: str, level: str = "") -> dict[str, str]:
    found = [
        row
        for row in summary
        if (row["section"], row["measure"], row["level"]) == (section, measure, level)
    ]
    assert len(found) == 1, (section, measure, level)
    return found[0]


def n(section: str, measure: str, level: str = "") -> Callable[[Rows, Path], Any]:
    return lambda summary, _: int(line(summary, section, measure, level)["n"])


def estimate(section: str, measure: str) -> Callable[[Rows, Path], Any]:
    return lambda summary, _: float(line(summary, section, measure, "median")["estimate"])


def worst(term: str, level: str) -> Callable[[Rows, Path], Any]:
    return n("long-term toxicity", term, level)


def at_least_two(summary: Rows, _: Path) -> int:
    rows = [line(summary, "acute toxicity", "any", level) for level in "2345"]
    return sum(int(row["n"]) for row in rows)


def count_acute_terms(summary: Rows, _: Path) -> int:
    measures = {row["measure"] for row in summary if row["section"] == "acute toxicity"}
    return len(measures - {"any"})


def liver_patients_have_liver_metastases(_: Rows, folder: Path) -> str:
    of = {r["patient_id"] for r in read(folder / "toxicities.csv") if "Hepato" in r["ctcae_term"]}
    liver = {r["patient_id"] for r in read(folder / "metastases.csv") if r["site"] == "liver"}
    return "yes" if of and of <= liver else "no"


def example(name: str, told: Callable[[Rows], str]) -> Callable[[Rows, Path], Any]:
    """Something of the worked example, SYN-001, from its exported rows."""
    return lambda _, folder: told(
        [row for row in read(folder / name) if row["patient_id"] == "SYN-001"]
    )


LIVER = "Hepatobiliary disorders - Other, specify"
PLATELETS = "Platelet count decreased"
LEUKOCYTES = "White blood cell decreased"
SAID = {"Anemia": "anemia", PLATELETS: "platelets"}
ANSWERS: dict[str, Callable[[Rows, Path], Any]] = {
    "n_patients": n("cohort", "patients"),
    "primary_pancreas": n("primary site", "primary site", "pancreas"),
    "primary_small_bowel": n("primary site", "primary site", "small_bowel"),
    "primary_colorectum": n("primary site", "primary site", "colorectum"),
    "primary_unknown": n("primary site", "primary site", "unknown"),
    "g3_at_diagnosis": n("grade", "grade at diagnosis", "NET G3"),
    "g3_upgraded_at_rebiopsy": n("grade", "upgraded to NET G3"),
    "ki67_median_pct": estimate("grade", "Ki-67"),
    "cycles_total": n("cycles", "cycles"),
    "cycles_monotherapy": n("cycles", "modality", "monotherapy"),
    "cycles_tandem": n("cycles", "modality", "tandem"),
    **{f"patients_with_{k}_cycles": n("cycles", "cycles per patient", f"{k}") for k in range(1, 5)},
    "acute_nausea_g1": n("acute toxicity", "Nausea", "1"),
    "acute_any_g2_or_more": at_least_two,
    "acute_terms_reported": count_acute_terms,
    "lt_anemia_g2": worst("Anemia", "2"),
    "lt_anemia_g3": worst("Anemia", "3"),
    "lt_leukocytopenia_g1_2": worst(LEUKOCYTES, "1-2"),
    "lt_leukocytopenia_g3": worst(LEUKOCYTES, "3"),
    "lt_anc_reduction_g3": worst("Neutrophil count decreased", "3"),
    "lt_thrombocytopenia_g1_2": worst(PLATELETS, "1-2"),
    "lt_thrombocytopenia_g3": worst(PLATELETS, "3"),
    "lt_creatinine_increase_g1": worst("Creatinine increased", "1"),
    "lt_liver_impairment_g2": worst(LIVER, "2"),
    "lt_liver_impairment_g3": worst(LIVER, "3"),
    "liver_impairment_all_have_liver_mets": liver_patients_have_liver_metastases,
    **{
        f"response_{level.lower()}": n("response", "best response", level)
        for level in ("CR", "PR", "SD", "PD")
    },
    "response_ne_clinical_pd_death": n(
        "response", "best response", "clinical progression or death before imaging"
    ),
    "alive": n("survival", "vital status", "alive"),
    "dead": n("survival", "vital status", "dead"),
    "median_followup_alive_months": estimate("survival", "follow-up of those alive"),
    "median_survival_of_dead_months": estimate("survival", "survival of those who died"),
    "example_age_sex": example("patients.csv", lambda r: r[0]["age_at_index"] + r[0]["sex"]),
    "example_primary": example("patients.csv", lambda r: r[0]["primary_site"]),
    "example_mets": example("metastases.csv", lambda r: "+".join(sorted(x["site"] for x in r))),
    "example_prior_lines": example("prior_therapies.csv", lambda r: f"{len(r)}"),
    "example_cycles": example("cycles.csv", lambda r: f"{len(r)} {r[0]['modality']}"),
    "example_response": example("responses.csv", lambda r: r[-1]["response"]),
    "example_pet_months": example(
        "responses.csv", lambda r: ",".join(sorted(x["date"][:7] for x in r))
    ),
    "example_delayed_toxicity": example(
        "toxicities.csv",
        lambda r: ", ".join(
            f"{SAID[x['ctcae_term']]} G{x['grade']}" for x in r if x["onset"] >= "2023-11"
        ),
    ),
}


@pytest.mark.parametrize("metric", PUBLISHED)
def test_a_published_number_is_in_the_summary(metric: str, summary: Rows, exported: Path) -> None:
    expected = EXPECTED[metric]["expected_value"]
    answer = ANSWERS[metric](summary, exported)
    # The file has more figures than a paper prints.
    assert answer == expected if isinstance(answer, str) else round(answer, 1) == float(expected)


@pytest.mark.parametrize(
    ("section", "measure", "level", "counted", "of", "percent"),
    [
        ("cycles", "administrations", "", 73, "", ""),
        ("cycles", "administrations", "225Ac", 41, "73", "56.2"),
        ("cycles", "administrations", "177Lu", 32, "73", "43.8"),
        ("long-term toxicity", "Anemia", "1", 0, "20", "0.0"),
        ("long-term toxicity", "Anemia", "any", 5, "20", "25.0"),
        ("long-term toxicity", "any", "4", 0, "20", "0.0"),
        ("acute toxicity", "Nausea", "any", 8, "20", "40.0"),
        ("response", "ORR", "all treated", 11, "20", "55.0"),
        ("response", "ORR", "imaged", 11, "19", "57.9"),
        ("response", "DCR", "all treated", 13, "20", "65.0"),
        ("response", "DCR", "imaged", 13, "19", "68.4"),
    ],
)
def test_counts_stand_with_their_denominator_and_percentage(
    summary: Rows, section: str, measure: str, level: str, counted: int, of: str, percent: str
) -> None:
    row = line(summary, section, measure, level)
    assert (row["n"], row["of"], row["percent"]) == (f"{counted}", of, percent)


def test_sections_are_those_that_were_agreed_in_their_order(summary: Rows) -> None:
    assert tuple(dict.fromkeys(row["section"] for row in summary)) == SECTIONS


def test_every_line_says_what_it_counts_once(summary: Rows) -> None:
    assert all(row["definition"] and row["unit"] for row in summary)
    lines = [(row["section"], row["measure"], row["level"]) for row in summary]
    assert len(set(lines)) == len(lines)


def test_unknown_activity_gives_no_estimate(tmp_path: Path) -> None:
    folder = through_a_casebook(ROOT / "tests" / "files" / "demo_v1", tmp_path)
    summary = read(folder / "summary.csv")
    row = line(summary, "exposure", "cumulative activity of all patients", "225Ac")
    assert (row["n"], row["of"], row["estimate"], row["unit"]) == ("0", "41", "", "MBq")
    assert "at least" in row["definition"]


@pytest.mark.parametrize(
    ("section", "measure", "level", "printed"),
    [
        ("survival", "OS", "median", "22.0 (13.0–NR)"),
        ("survival", "OS", "12 months", "81.6 (52.4–93.8)"),
        ("survival", "OS", "events", "9 (45 %)"),
        ("response", "ORR", "all treated", "55 % (31.5–76.9)"),
        ("cycles", "cycles", "", "41"),
        ("primary site", "primary site", "pancreas", "15 (75 %)"),
        ("survival", "survival of those who died", "median", "18.0"),
    ],
)
def test_a_number_is_also_there_as_it_is_printed(
    summary: Rows, section: str, measure: str, level: str, printed: str
) -> None:
    assert line(summary, section, measure, level)["printed"] == printed


def test_a_bound_that_is_not_reached_is_empty_as_a_number(summary: Rows, exported: Path) -> None:
    median = line(summary, "survival", "OS", "median")
    assert (median["low"], median["high"]) == ("13.0431", "")
    [row] = [
        each
        for each in read(exported / "survival_table.csv")
        if each["measure"] == "OS" and each["median"]
    ]
    assert (row["median"], row["high"], row["printed"]) == ("21.9795", "", "22.0 (13.0–NR)")
