"""Which results of a day belong to one sample."""

from collections.abc import Sequence
from typing import TypeVar

Time = TypeVar("Time")


def same_sample(times: Sequence[Time | None], at: Time | None) -> int | None:
    """Return the index of the result of the same sample among others of the same patient and day.

    `times` are those of the others, in order; None where a time is not recorded. One of the same
    time is of the same sample, else the last one whose time is not known to be another; None if
    there is no such one.
    """
    possible = None
    for index, time in enumerate(times):
        if time == at:
            return index
        if time is None or at is None:
            possible = index
    return possible
