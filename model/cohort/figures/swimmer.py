"""Compute the lanes of the swimmer plot: each patient's course in days from T0."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum

import pandas as pd

from model.cohort.figures.table import Cell, FigureTable
from model.cohort.frames import Frames
from model.cohort.patient_columns import values_of_patients
from model.cohort.response import best_responses
from model.dates import DAYS_PER_MONTH
from model.records.best_response import BEST_FIRST
from model.rounding import rounded


class Order(Enum):
    """What the lanes are sorted by; lanes that are equal in it are sorted by code."""

    FOLLOW_UP = "follow-up"
    CYCLES = "number of cycles"
    RESPONSE = "best response"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class LaneCycle:
    """A cycle: its day since T0, its number, and each nuclide once, in the order given."""

    day: int
    number: int
    nuclides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaneResponse:
    """A response read on a day since T0."""

    day: int
    response: str
    what: str
    """Time point and modality as recorded; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One patient's course in days from T0; `status` is that on `last_day`."""

    patient_id: int
    code: str
    last_day: int | None
    status: str
    """`alive`, `dead` or `unknown`."""
    cycles: tuple[LaneCycle, ...] = ()
    responses: tuple[LaneResponse, ...] = ()
    best: str = ""

    @property
    def end(self) -> int:
        """The last day with a record."""
        days = [cycle.day for cycle in self.cycles] + [response.day for response in self.responses]
        return max([0, *days] if self.last_day is None else [0, self.last_day, *days])


@dataclass(frozen=True, slots=True, kw_only=True)
class Swimmer:
    """The lanes from top to bottom, and the patients without a lane, as their T0 is unknown."""

    lanes: tuple[Lane, ...] = ()
    without: tuple[tuple[int, str], ...] = ()
    """Id and code of each."""
    first_day: int = field(init=False)
    """The day of the first cycle of all; 0 without any."""
    last_day: int = field(init=False)
    """The last day with a record of any patient."""
    nuclides: tuple[str, ...] = field(init=False)
    """Each nuclide given, in order of appearance from the top."""
    has_unknown: bool = field(init=False)
    """Whether a cycle has no recorded administration."""
    responses: frozenset[str] = field(init=False)
    statuses: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Compute the values that a drawing needs from all lanes."""
        cycles = [each for lane in self.lanes for each in lane.cycles]
        values: dict[str, object] = {
            "first_day": min((each.day for each in cycles), default=0),
            "last_day": max((lane.end for lane in self.lanes), default=0),
            "nuclides": tuple(dict.fromkeys(name for each in cycles for name in each.nuclides)),
            "has_unknown": not all(each.nuclides for each in cycles),
            "responses": frozenset(r.response for lane in self.lanes for r in lane.responses),
            "statuses": frozenset(lane.status for lane in self.lanes),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def numbers(self) -> FigureTable:
        """Return one row for each event drawn, by patient and day."""
        header = ("code", "day", "month", "event", "detail")
        rows: list[tuple[Cell, ...]] = []
        for lane in self.lanes:
            events = [(g.day, f"cycle {g.number}", " + ".join(g.nuclides)) for g in lane.cycles]
            events += [
                (r.day, "response", ", ".join(filter(None, (r.response, r.what))))
                for r in lane.responses
            ]
            if lane.last_day is not None:
                end = "death" if lane.status == "dead" else "last contact"
                events.append((lane.last_day, end, lane.status))
            events.sort(key=lambda event: event[0])
            rows += [
                (lane.code, day, float(rounded(day / DAYS_PER_MONTH, 2)), event, detail)
                for day, event, detail in events
            ]
        rows += [(code, None, None, "T0 not known", "") for _, code in self.without]
        return FigureTable(header, rows)


def swimmer(frames: Frames, order: Order = Order.FOLLOW_UP) -> Swimmer:
    """Return the lanes of all patients with a known T0; responses are those from T0 on."""
    patients = frames.patients
    known = patients[patients["index_on"].notna()]
    last_days = (known["last_on"] - known["index_on"]).dt.days
    cycles, read, best = _cycles(frames, known), _responses(frames, known), best_responses(frames)
    lanes = [
        Lane(
            patient_id=int(patient_id),
            code=code,
            last_day=None if pd.isna(day) else int(day),
            status=status,
            cycles=tuple(cycles[patient_id]),
            responses=tuple(read[patient_id]),
            best=str(best.get(patient_id, "")),
        )
        for patient_id, code, day, status in zip(
            known.index, known["code"], last_days, known["status"], strict=True
        )
    ]
    unknown = patients.index[patients["index_on"].isna()].tolist()
    return Swimmer(
        lanes=tuple(sorted(lanes, key=lambda lane: _sort_key(lane, order))),
        without=tuple((patient_id, frames.codes[patient_id]) for patient_id in unknown),
    )


def _sort_key(lane: Lane, order: Order) -> tuple[float, float, str]:
    match order:
        case Order.FOLLOW_UP:
            return -lane.end, 0, lane.code
        case Order.CYCLES:
            return -len(lane.cycles), -lane.end, lane.code
        case Order.RESPONSE:
            rank = BEST_FIRST.index(lane.best) if lane.best in BEST_FIRST else len(BEST_FIRST)
            return rank, -lane.end, lane.code
        case Order.CODE:
            return 0, 0, lane.code


def _cycles(frames: Frames, known: pd.DataFrame) -> dict[int, list[LaneCycle]]:
    nuclides: dict[int, list[str]] = defaultdict(list)
    administrations = frames.administrations
    for cycle_id, nuclide in zip(
        administrations["cycle_id"], administrations["nuclide"], strict=True
    ):
        if nuclide not in nuclides[cycle_id]:
            nuclides[cycle_id].append(nuclide)
    cycles = frames.cycles[frames.cycles["patient_id"].isin(known.index)]
    days = (cycles["given_on"] - values_of_patients(known["index_on"], cycles)).dt.days
    by_patient: dict[int, list[LaneCycle]] = defaultdict(list)
    for patient_id, cycle_id, number, day in zip(
        cycles["patient_id"], cycles["cycle_id"], cycles["number"], days, strict=True
    ):
        by_patient[patient_id].append(LaneCycle(int(day), int(number), tuple(nuclides[cycle_id])))
    return by_patient


def _responses(frames: Frames, known: pd.DataFrame) -> dict[int, list[LaneResponse]]:
    read = frames.assessments[frames.assessments["patient_id"].isin(known.index)]
    read = read[(read["timepoint"] != "baseline") & read["response"].notna()]
    days = (read["assessed_on"] - values_of_patients(known["index_on"], read)).dt.days
    descriptions = read["timepoint"].fillna("").str.replace("_", " "), read["modality"].fillna("")
    by_patient: dict[int, list[LaneResponse]] = defaultdict(list)
    for patient_id, response, day, timepoint, modality in zip(
        read["patient_id"], read["response"], days, *descriptions, strict=True
    ):
        if day >= 0:
            description = ", ".join(dict.fromkeys(filter(None, (timepoint, modality))))
            by_patient[patient_id].append(LaneResponse(int(day), response, description))
    return by_patient
