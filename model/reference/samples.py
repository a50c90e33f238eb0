"""Which results of a day belong to the same sample."""

from collections.abc import Sequence
from typing import TypeVar

Time = TypeVar("Time")


def same_sample(times: Sequence[Time | None], at: Time | None) -> int | None:
    """Return the index of the result that is of the same sample as one drawn at a certain time.

    `times` are those of other results of the same patient and day, in order; None if a time is not
    recorded. A result of the same time is chosen; otherwise the last one whose time, or the certain
    time, is not recorded. None if there is neither.
    """
    last_possible = None
    for index, time in enumerate(times):
        if time == at:
            return index
        if time is None or at is None:
            last_possible = index
    return last_possible
