"""Count the treatment given: cycles, administrations, and activities by nuclide."""

from __future__ import annotations

import pandas as pd

from model.cohort.frames import Frames
from model.cohort.lines import NOT_RECORDED, Reason, TableLine, count
from model.cohort.patient_columns import records_of
from model.dates import date_text
from model.language import N_, _
from model.records.cycles import modality_of
from model.reference import nuclides
from model.reference.activities import activity_text, from_mbq

_GIVEN = N_("Activity administered: median of the known values")
_CUMULATIVE = N_(
    "Sum of the activities of a patient, of patients of whom all are known: median of the known"
    " values"
)
_TOTAL = N_("Sum of the activities that are known")
_AT_LEAST = N_("Sum of the activities that are known: at least, as some are not known")


def count_cycles(frames: Frames) -> list[TableLine]:
    """Count the section “cycles”: cycles, their modality, and cycles per patient."""
    all_cycles = frames.cycles
    of = len(all_cycles)
    agents = frames.administrations.groupby("cycle_id")["agent"].nunique()
    modality = all_cycles["cycle_id"].map(lambda cycle: modality_of(int(agents.get(cycle, 0))))
    modality = modality.astype("str").fillna(NOT_RECORDED)
    treated = frames.treated
    numbers = treated.index.to_series().groupby(treated["cycles"]).groups
    reason = _by_cycles(frames)
    modalities = {
        "monotherapy": N_("Cycles with one radiopharmaceutical"),
        "tandem": N_("Cycles with two radiopharmaceuticals or more"),
        NOT_RECORDED: N_("Cycles with no administration recorded"),
    }
    by_nuclide = dict(iter(frames.administrations.groupby("nuclide")))
    return [
        _line("cycles", "", all_cycles, None, N_("Cycles of all patients"), reason),
        *(
            _line("modality", level, rows, of, definition, reason)
            for level, definition in modalities.items()
            if len(rows := all_cycles[modality == level]) or level != NOT_RECORDED
        ),
        *(
            count(
                "cycles",
                "cycles per patient",
                f"{number}",
                ids,
                len(treated),
                N_("Patients with exactly so many cycles, of those with at least one"),
                reason,
            )
            for number, ids in sorted(numbers.items())
        ),
        _line(
            "administrations",
            "",
            frames.administrations,
            None,
            N_("Radiopharmaceuticals administered, of all cycles"),
            _by_administrations(frames),
        ),
        *(
            _line(
                "administrations",
                nuclide,
                by_nuclide[nuclide],
                len(frames.administrations),
                N_("Administrations of this nuclide"),
                _by_administrations(frames, nuclide),
            )
            for nuclide in _nuclides(frames)
        ),
    ]


def count_exposure(frames: Frames) -> list[TableLine]:
    """Count the section “exposure”: activity per administration and in total, by nuclide.

    Alpha emitters are in MBq, others in GBq. A sum is a lower bound where an activity is unknown.
    """
    lines = []
    for nuclide in _nuclides(frames):
        administrations = frames.administrations[frames.administrations["nuclide"] == nuclide]
        unit = nuclides.unit_for(nuclide)
        activities = administrations.set_index("patient_id")["activity_mbq"]
        by_id = activities.groupby(level=0)
        # If any activity is unknown, so is the patient's total.
        by_patient = by_id.sum().where(by_id.count() == by_id.size())
        total = _AT_LEAST if activities.isna().any() else _TOTAL
        reason = _by_administrations(frames, nuclide)
        for measure, definition, values, estimate in (
            ("activity per administration", _GIVEN, activities, activities.median()),
            ("cumulative activity per patient", _CUMULATIVE, by_patient, by_patient.median()),
            ("cumulative activity of all patients", total, activities, activities.sum()),
        ):
            known = values.dropna()
            lines.append(
                TableLine(
                    section="exposure",
                    measure=measure,
                    part=nuclide,
                    n=len(known),
                    of=len(values),
                    estimate=from_mbq(estimate, unit) if len(known) else None,
                    unit=unit,
                    definition=definition,
                    share=False,
                    patients=tuple(known.index.unique().tolist()),
                    reason=reason,
                )
            )
    return lines


def _nuclides(frames: Frames) -> list[str]:
    """Return the nuclides, the most frequent first."""
    counts = frames.administrations["nuclide"].value_counts()
    return sorted(counts.index, key=lambda name: (-counts[name], name))


def _line(
    measure: str, part: str, rows: pd.DataFrame, of: int | None, definition: str, reason: Reason
) -> TableLine:
    """Return a line that counts cycles or administrations, with their patients."""
    return TableLine(
        section="cycles",
        measure=measure,
        part=part,
        n=len(rows),
        of=of,
        unit="administrations" if measure == "administrations" else "cycles",
        definition=definition,
        patients=tuple(rows["patient_id"].unique().tolist()),
        reason=reason,
    )


def _by_cycles(frames: Frames) -> Reason:
    """Return the reason by cycles: `C1, 31 Jul 2023; C2, 25 Sep 2023`."""
    cycles = frames.cycles

    def reason(patient_id: int) -> str:
        records = records_of(cycles, patient_id, "number", "given_on")
        return "; ".join(f"C{number}, {date_text(day.date())}" for number, day in records)

    return reason


def _by_administrations(frames: Frames, nuclide: str = "") -> Reason:
    """Return the reason by administrations: `C1 225Ac-DOTA-LM3 8.0 MBq; C2 …`."""
    administrations = frames.administrations
    if nuclide:
        administrations = administrations[administrations["nuclide"] == nuclide]

    def reason(patient_id: int) -> str:
        columns = ("number", "agent", "nuclide", "activity_mbq")
        return "; ".join(
            _("C{number} {agent}, activity not known").format(number=number, agent=agent)
            if pd.isna(mbq)
            else f"C{number} {agent} {activity_text(mbq, nuclides.unit_for(nuclide))}"
            for number, agent, nuclide, mbq in records_of(administrations, patient_id, *columns)
        )

    return reason
