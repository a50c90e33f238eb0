"""Vital status, and the plain medians of time that papers quote; no estimate of survival."""

from model.cohort.frames import Frames
from model.cohort.lines import DAYS_A_MONTH, Line, median_and_range
from model.followups import STATUSES


def survival(frames: Frames) -> list[Line]:
    """The section “survival”: vital status, follow-up of those alive, survival of the dead."""
    patients = frames.patients
    days = (patients["last_on"] - patients["index_on"]).dt.days
    months = (days / DAYS_A_MONTH).round(1)
    alive = patients["status"] == "alive"
    dead = patients["status"] == "dead"
    return [
        *(
            Line(
                section="survival",
                measure="vital status",
                level=status,
                n=int((patients["status"] == status).sum()),
                of=len(patients),
                unit="patients",
                definition="Patients by vital status at the last follow-up",
            )
            for status in STATUSES
        ),
        *median_and_range(
            "survival",
            "follow-up of those alive",
            months[alive],
            int(alive.sum()),
            "months",
            "Time from T0 to last contact of those alive, in months of 30.4375 days",
        ),
        *median_and_range(
            "survival",
            "survival of those who died",
            months[dead],
            int(dead.sum()),
            "months",
            "Time from T0 to death of those who died, in months of 30.4375 days",
        ),
    ]
