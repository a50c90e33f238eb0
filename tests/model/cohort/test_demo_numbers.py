"""Every number of the demo cohort's expected.csv is reproduced from the demo casebook."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.cohort import frames as cohort_frames
from model.cohort import selecting
from model.cohort.frames import Frames
from model.cohort.groups import group_of
from model.cohort.labs import shift
from model.cohort.lines import TableLine
from model.cohort.options import Options, ToxicityRows
from model.cohort.selection import EVERYONE
from model.cohort.tables import count_tables
from model.cohort.toxicity import counted_toxicities
from model.exchange.new_casebook import new_casebook
from model.store.casebook import Casebook
from model.store.reader import Reader
from model.store.settings import CTCAE_VERSION, save_setting

ROOT = Path(__file__).parents[3]
with (ROOT / "tests" / "files" / "demo_expected.csv").open(encoding="utf-8") as file:
    EXPECTED = {row["metric"]: row["expected_value"] for row in csv.DictReader(file)}
EXAMPLE = "SYN-001"


class Demo:
    """The demo casebook with its tables, by what a report calls their numbers."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.frames: Frames = selecting.apply_selection(cohort_frames.load(reader), EVERYONE)
        self.by_term = self._lines(Options())
        self.by_group = self._lines(Options(by=ToxicityRows.GROUP))

    def _lines(self, options: Options) -> dict[tuple[str, str, str], TableLine]:
        found = count_tables(self.frames, EVERYONE, options)
        return {
            (line.section, line.measure, line.level): line for one in found for line in one.lines
        }

    def n(self, section: str, measure: str, level: str = "") -> str:
        """A count; 0 where no patient has what is counted."""
        line = self.by_term.get((section, measure, level))
        return f"{line.n if line else 0}"

    def worst(self, measure: str, level: str) -> str:
        """Patients with long-term toxicity of a reporting group at a worst grade."""
        return f"{self.by_group['long-term toxicity', measure, level].n}"

    def estimate(self, section: str, measure: str, level: str = "median") -> str:
        return f"{self.by_term[section, measure, level].estimate or 0:.1f}"

    def rate(self, measure: str, level: str) -> str:
        line = self.by_term["response", measure, level]
        return f"{line.n}/{line.of} = {line.percent}% ({line.low:.1f}-{line.high:.1f})"

    def of_example(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["patient_id"] == self.example.name]

    @property
    def example(self) -> pd.Series:
        patients = self.frames.patients
        return patients[patients["code"] == EXAMPLE].iloc[0]


def at_least(section: str, grade: int) -> Callable[[Demo], str]:
    levels = [f"{each}" for each in range(grade, 6)]
    return lambda demo: f"{sum(int(demo.n(section, 'any', level)) for level in levels)}"


def liver_metastases(demo: Demo) -> str:
    behind = set(demo.by_group["long-term toxicity", "liver impairment", "any"].patients)
    sites = demo.frames.metastases
    having = set(sites[sites["site"] == "liver"]["patient_id"])
    return "yes" if behind and behind <= having else "no"


def autograded(demo: Demo) -> str:
    """Whether results give the worst grades that clinicians coded, in the study's terms."""
    found = shift.shifts(demo.frames)
    found = found[found["worst"] > found["baseline"].fillna(0)]
    rows: Iterator[Any] = found.itertuples()
    by_number = {(row.patient_id, group_of(row.term) or row.term): row.worst for row in rows}
    events = counted_toxicities(demo.frames, Options(by=ToxicityRows.GROUP))
    coded = events[events["phase"] == "long_term"].groupby(["patient_id", "measure"])["grade"].max()
    reported = set(coded.index.get_level_values("measure"))
    by_number = {key: grade for key, grade in by_number.items() if key[1] in reported}
    return "yes" if by_number == coded.to_dict() and by_number else "no"


def never_worse(demo: Demo) -> str:
    """Series that were abnormal at baseline and never got worse."""
    found = shift.shifts(demo.frames)
    kept = found[(found["baseline"] > 0) & (found["worst"] <= found["baseline"])]
    return f"{len(kept)}"


def resolution(demo: Demo) -> str:
    events = demo.frames.toxicities
    event = events[(events["term"] == "Neutrophil count decreased") & (events["grade"] == 3)].iloc[
        0
    ]
    return f"{(event['resolved_on'] - event['onset_from']).days}"


def under_v6(demo: Demo) -> str:
    """The grade of the lowest neutrophil count in CTCAE 6.0."""
    with demo.reader.step("Grade in 6.0") as step:  # type: ignore[attr-defined]
        save_setting(step, CTCAE_VERSION, "6.0")
    found = shift.shifts(cohort_frames.load(demo.reader))
    demo.reader.undo()  # type: ignore[attr-defined]
    return f"{found[found['analyte'] == 'anc']['worst'].max()}"


def delayed(demo: Demo) -> str:
    own = demo.of_example(demo.frames.toxicities)
    own = own[own["onset_on"] >= "2023-11"]
    said = {"Anemia": "anemia", "Platelet count decreased": "platelets"}
    rows: Iterator[Any] = own.itertuples()
    return ", ".join(f"{said[row.term]} G{row.grade}" for row in rows)


def interval(demo: Demo) -> str:
    line = demo.by_term["survival", "OS", "median"]
    return "-".join("NA" if bound is None else f"{bound:.1f}" for bound in (line.low, line.high))


def at_12_months(demo: Demo) -> str:
    line = demo.by_term["survival", "OS", "12 months"]
    return f"{line.estimate:.1f}% ({line.low:.1f}-{line.high:.1f})"


def example_cycles(demo: Demo) -> str:
    own = demo.of_example(demo.frames.administrations)
    agents = own.groupby("cycle_id")["agent"].nunique()
    return f"{len(agents)} {'tandem' if (agents == 2).all() else 'mixed'}"


DEATH = "clinical progression or death before imaging"
ANSWERS: dict[str, Callable[[Demo], str]] = {
    "n_patients": lambda d: d.n("cohort", "patients"),
    **{
        f"primary_{site}": lambda d, site=site: d.n("primary site", "primary site", site)  # type: ignore[misc]
        for site in ("pancreas", "small_bowel", "colorectum", "unknown")
    },
    "g3_at_diagnosis": lambda d: d.n("grade", "grade at diagnosis", "NET G3"),
    "g3_upgraded_at_rebiopsy": lambda d: d.n("grade", "upgraded to NET G3"),
    "ki67_median_pct": lambda d: d.estimate("grade", "Ki-67").removesuffix(".0"),
    "cycles_total": lambda d: d.n("cycles", "cycles"),
    "cycles_monotherapy": lambda d: d.n("cycles", "modality", "monotherapy"),
    "cycles_tandem": lambda d: d.n("cycles", "modality", "tandem"),
    **{
        f"patients_with_{k}_cycles": lambda d, k=k: d.n("cycles", "cycles per patient", f"{k}")  # type: ignore[misc]
        for k in range(1, 5)
    },
    "administrations_total": lambda d: d.n("cycles", "administrations"),
    "administrations_225Ac": lambda d: d.n("cycles", "administrations", "225Ac"),
    "administrations_177Lu": lambda d: d.n("cycles", "administrations", "177Lu"),
    "acute_nausea_g1": lambda d: d.n("acute toxicity", "Nausea", "1"),
    "acute_any_g2_or_more": at_least("acute toxicity", 2),
    "acute_terms_reported": lambda d: (
        f"{len({key[1] for key in d.by_term if key[0] == 'acute toxicity'} - {'any'})}"
    ),
    "lt_anemia_g1": lambda d: d.worst("anemia", "1"),
    "lt_anemia_g2": lambda d: d.worst("anemia", "2"),
    "lt_anemia_g3": lambda d: d.worst("anemia", "3"),
    "lt_leukocytopenia_g1_2": lambda d: d.worst("leukocytopenia", "1-2"),
    "lt_leukocytopenia_g3": lambda d: d.worst("leukocytopenia", "3"),
    "lt_anc_reduction_g3": lambda d: d.worst("neutropenia", "3"),
    "anc_g3_resolution_days": resolution,
    "lt_thrombocytopenia_g1_2": lambda d: d.worst("thrombocytopenia", "1-2"),
    "lt_thrombocytopenia_g3": lambda d: d.worst("thrombocytopenia", "3"),
    "lt_creatinine_increase_g1": lambda d: d.worst("renal impairment", "1"),
    "lt_liver_impairment_g2": lambda d: d.worst("liver impairment", "2"),
    "lt_liver_impairment_g3": lambda d: d.worst("liver impairment", "3"),
    "liver_impairment_all_have_liver_mets": liver_metastases,
    "lt_any_g4_or_more": at_least("long-term toxicity", 4),
    **{
        f"response_{level.lower()}": lambda d, level=level: d.n("response", "best response", level)  # type: ignore[misc]
        for level in ("CR", "PR", "SD", "PD")
    },
    "response_ne_clinical_pd_death": lambda d: d.n("response", "best response", DEATH),
    "response_total": lambda d: (
        f"{sum(one.n or 0 for key, one in d.by_term.items() if key[1] == 'best response')}"
    ),
    "orr_itt20": lambda d: d.rate("ORR", "all treated"),
    "orr_eval19": lambda d: d.rate("ORR", "imaged"),
    "dcr_itt20": lambda d: d.rate("DCR", "all treated"),
    "dcr_eval19": lambda d: d.rate("DCR", "imaged"),
    "alive": lambda d: d.n("survival", "vital status", "alive"),
    "dead": lambda d: d.n("survival", "vital status", "dead"),
    "median_followup_alive_months": lambda d: d.estimate("survival", "follow-up of those alive"),
    "median_survival_of_dead_months": lambda d: d.estimate(
        "survival", "survival of those who died"
    ),
    "km_median_os_months": lambda d: d.estimate("survival", "OS"),
    "km_median_os_ci": interval,
    "km_os_12m": at_12_months,
    "reverse_km_median_followup_months": lambda d: d.estimate(
        "survival", "follow-up (reverse Kaplan-Meier)"
    ),
    "median_observation_all_months": lambda d: d.estimate("survival", "observation time"),
    "example_age_sex": lambda d: f"{d.example['age']:.0f}{d.example['sex']}",
    "example_primary": lambda d: d.example["primary_site"],
    "example_mets": lambda d: "+".join(sorted(d.of_example(d.frames.metastases)["site"])),
    "example_prior_lines": lambda d: f"{len(d.of_example(d.frames.therapies))}",
    "example_cycles": example_cycles,
    "example_response": lambda d: d.of_example(d.frames.assessments)["response"].iloc[-1],
    "example_pet_months": lambda d: ",".join(
        d.of_example(d.frames.assessments)["assessed_on"].dt.strftime("%Y-%m")
    ),
    "example_delayed_toxicity": delayed,
    "lab_autograde_matches_coded": autograded,
    "trap_nausea_records": lambda d: f"{(d.frames.toxicities['term'] == 'Nausea').sum()}",
    "trap_toxicity_records_total": lambda d: f"{len(d.frames.toxicities)}",
    "trap_patients_with_baseline_abnormal_not_te": never_worse,
    "anc_g3_under_ctcae_v6": under_v6,
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    path = tmp_path_factory.mktemp("numbers") / "demo.theralog"
    new_casebook(path, folder=ROOT / "resources" / "demo")
    with Casebook.open(path) as casebook:
        yield Demo(casebook)


def test_all_expected_numbers_have_an_answer() -> None:
    assert set(ANSWERS) == set(EXPECTED)
    assert len(EXPECTED) == 67


@pytest.mark.parametrize("metric", EXPECTED)
def test_an_expected_number_is_reproduced(metric: str, demo: Demo) -> None:
    answer, expected = ANSWERS[metric](demo), EXPECTED[metric]
    try:
        assert float(answer) == float(expected)
    except ValueError:
        assert answer == expected


def test_no_patient_is_behind_the_series_that_only_began_abnormal(demo: Demo) -> None:
    found = shift.shifts(demo.frames)
    kept = found[(found["baseline"] > 0) & (found["worst"] <= found["baseline"])]
    codes = demo.frames.patients.loc[kept["patient_id"], "code"].tolist()
    assert codes == ["SYN-013"]


def test_every_count_has_its_patients_and_each_a_reason(demo: Demo) -> None:
    counts = [line for line in demo.by_term.values() if line.unit == "patients"]
    assert all(len(line.patients) == line.n for line in counts)
    reasons = {
        line.why(patient_id) for line in demo.by_term.values() for patient_id in line.patients
    }
    assert "" not in reasons
    anemia = demo.by_term["long-term toxicity", "Anemia", "3"]
    assert [anemia.why(each) for each in anemia.patients] == ["Anemia grade 3, 29 May 2023"]
    best = demo.by_term["response", "best response", DEATH]
    assert all("died" in best.why(each) for each in best.patients)
