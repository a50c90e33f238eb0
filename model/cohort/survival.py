"""Estimate overall and progression-free survival, follow-up, and the plain medians in papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from model.cohort import kaplan_meier, numbers
from model.cohort.frames import Frames
from model.cohort.groups import Group, labels
from model.cohort.kaplan_meier import KINDS, Curve, Estimate, log_rank, observation_times
from model.cohort.lines import Reason, Statistic, TableLine, count, median_and_range
from model.cohort.messages import Message
from model.cohort.options import DEFAULT_OPTIONS, Options
from model.dates import DAYS_PER_MONTH, date_text
from model.language import N_, _
from model.records.followups import STATUSES

EVERYONE = "all"
FOLLOW_UP = "follow-up (reverse Kaplan-Meier)"
_PLAIN = N_("a plain median, not by Kaplan-Meier, in months of 30.4375 days")
_TO_CONTACT = Message(
    N_("Time from T0 to the last day known alive, of those alive ({plain})"), plain=_PLAIN
)
_TO_DEATH = Message(N_("Time from T0 to death of those who died ({plain})"), plain=_PLAIN)
_TO_EITHER = Message(
    N_("Time from T0 to death or the last day known alive, of all ({plain})"), plain=_PLAIN
)
_BY_KAPLAN_MEIER = {
    "OS": N_("Overall survival by Kaplan-Meier"),
    "PFS": N_("Progression-free survival by Kaplan-Meier"),
}
_EVENTS = {
    "OS": N_("Patients with death as the event, of those followed from T0"),
    "PFS": N_("Patients with progression or death as the event, of those followed from T0"),
}
_MEDIAN = N_(
    "{survival}: median with 95 % interval (Greenwood, log-log, as R's survival has it); empty"
    " where not reached"
)
_AT_RISK = N_("Patients under observation without the event just before {months} months")
_FOLLOW_UP = N_("Median follow-up by reverse Kaplan-Meier (death censors), with 95 % interval")
_SHARE = N_(
    "{survival}: share without the event at {months} months with 95 % interval (Greenwood,"
    " log-log); empty beyond the last observation"
)


class ObservedPatient(NamedTuple):
    """A patient's time under observation in months, and whether it ended with the event."""

    group: str
    patient_id: int
    code: str
    months: float
    had_event: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survival:
    """Curves in months, one for each group (`all` without groups), and how the groups compare.

    `reverse` are the curves of follow-up. `times` has a row for each patient, with patient_id as
    index: months, event, group, ended_on. `left_out` are the patients who cannot be followed: they
    have no T0, or are not known to be alive or dead on or after it. `p_values` are those of the
    log-rank test for each pair of groups with an event, not adjusted for multiple tests.
    """

    kind: str
    curves: Mapping[str, Curve]
    reverse: Mapping[str, Curve]
    times: pd.DataFrame
    left_out: tuple[int, ...]
    p_values: Mapping[tuple[str, str], float]

    @property
    def p(self) -> float | None:
        """The two-sided p of the log-rank test between two groups; None for any other number."""
        return next(iter(self.p_values.values())) if len(self.p_values) == 1 else None

    def people(self, codes: Mapping[int, str]) -> list[ObservedPatient]:
        """Return all patients observed, with their codes; the name of the group `all` is empty."""
        columns = (self.times[name].tolist() for name in ("group", "months", "event"))
        return [
            ObservedPatient("" if group == EVERYONE else group, key, codes[key], months, event)
            for key, group, months, event in zip(self.times.index.tolist(), *columns, strict=True)
        ]

    def why(self, patient_id: int) -> str:
        """Return how a patient's observation ended: `event after 5.0 months, 9 Nov 2024`."""
        row = self.times.loc[patient_id].to_dict()
        values = {
            "months": numbers.estimate(row["months"], "months"),
            "date": date_text(row["ended_on"].date()),
        }
        if row["event"]:
            return _("event after {months} months, {date}").format(**values)
        return _("censored after {months} months, {date}").format(**values)

    def ids(self, group: str) -> tuple[int, ...]:
        """Return the patients of a group's curve, in the order of the frames."""
        return tuple(self.times.index[self.times["group"] == group].tolist())


def estimate_survival(frames: Frames, kind: str = "OS", group: Group | None = None) -> Survival:
    """Estimate time to death (OS), or progression or death (PFS), of all or of each group."""
    observed = observation_times(frames, kind)
    left_out = tuple(frames.patients.index.difference(observed.index, sort=False).tolist())
    group_labels = labels(frames, group).reindex(observed.index) if group else EVERYONE
    observed = observed.assign(group=group_labels)
    parts = {str(name): part for name, part in observed.groupby("group", sort=True)}
    if not parts and group is None:
        parts = {EVERYONE: observed}
    curves = {
        name: kaplan_meier.estimate_curve(part["months"], part["event"])
        for name, part in parts.items()
    }
    return Survival(
        kind=kind,
        curves=curves,
        reverse={
            name: kaplan_meier.estimate_follow_up(part["months"], part["event"])
            for name, part in parts.items()
        },
        times=observed,
        left_out=left_out,
        p_values={
            (one, other): p
            for one, other in combinations(parts, 2)
            if (p := log_rank(parts[one], parts[other])) is not None
        },
    )


def count_survival(frames: Frames, options: Options = DEFAULT_OPTIONS) -> list[TableLine]:
    """Count the section “survival”: vital status, plain medians, Kaplan-Meier of OS and PFS."""
    patients = frames.patients
    of = len(patients)
    days = (patients["last_on"] - patients["index_on"]).dt.days
    # A patient last seen before T0 was not followed from it.
    months = (days / DAYS_PER_MONTH).where(days >= 0)
    alive = patients["status"] == "alive"
    dead = patients["status"] == "dead"
    return [
        *(
            count(
                "survival",
                "vital status",
                status,
                patients.index[patients["status"] == status],
                of,
                N_("Patients by vital status, as the follow-ups have it"),
                _by_status(frames),
            )
            for status in STATUSES
        ),
        *(
            line
            for measure, times_of, definition in (
                ("follow-up of those alive", months[alive], _TO_CONTACT),
                ("survival of those who died", months[dead], _TO_DEATH),
                ("observation time", months, _TO_EITHER),
            )
            for line in median_and_range(
                "survival", measure, times_of, len(times_of), "months", definition
            )
        ),
        *(line for kind in KINDS for line in _kaplan_meier(frames, kind, options)),
    ]


def _kaplan_meier(frames: Frames, kind: str, options: Options) -> list[TableLine]:
    result = estimate_survival(frames, kind)
    curve, ids = result.curves[EVERYONE], tuple(result.times.index.tolist())
    name = _BY_KAPLAN_MEIER[kind]

    def estimate(
        measure: str, estimated: Estimate, unit: str, definition: str, part: str = ""
    ) -> TableLine:
        return TableLine(
            section="survival",
            measure=measure,
            part=part,
            statistic=None if part else Statistic.MEDIAN,
            n=curve.n,
            of=len(frames.patients),
            estimate=estimated.value,
            low=estimated.low,
            high=estimated.high,
            unit=unit,
            definition=definition,
            share=False,
            patients=ids,
            reason=result.why,
        )

    had_event = result.times.index[result.times["event"]]
    lines = [
        count("survival", kind, "events", had_event, curve.n, _EVENTS[kind], result.why),
        estimate(kind, curve.median, "months", Message(_MEDIAN, survival=name)),
    ]
    for months in options.landmarks:
        share = _in_per_cent(curve.at(months))
        at_risk = result.times.index[result.times["months"] >= months]
        part = f"{months} months"
        lines += [
            estimate(kind, share, "%", Message(_SHARE, survival=name, months=months), part),
            count(
                "survival",
                kind,
                f"at risk at {part}",
                at_risk,
                curve.n,
                Message(_AT_RISK, months=months),
                result.why,
            ),
        ]
    if kind == "OS":
        follow_up = result.reverse[EVERYONE].median
        lines.append(estimate(FOLLOW_UP, follow_up, "months", _FOLLOW_UP))
    return lines


def _in_per_cent(share: Estimate) -> Estimate:
    bounds = (share.value, share.low, share.high)
    value, low, high = (None if each is None else 100 * each for each in bounds)
    return Estimate(value=value, low=low, high=high)


def _by_status(frames: Frames) -> Reason:
    """Return the reason by vital status: `dead, 9 Nov 2024`."""
    patients = frames.patients

    def reason(patient_id: int) -> str:
        patient = patients.loc[patient_id]
        on = patient["last_on"]
        return str(patient["status"]) + ("" if pd.isna(on) else f", {date_text(on.date())}")

    return reason
