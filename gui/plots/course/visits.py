"""The days with results that a cursor goes to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Visits:
    """Days on which something was measured, as `date.toordinal` counts them."""

    def __init__(self, days: Iterable[NDArray[np.float64]] = ()) -> None:
        """The days of several series; each may have a fraction for the time of day."""
        whole = [np.unique(np.floor(series)) for series in days]
        self._days = np.unique(np.concatenate(whole)) if whole else np.empty(0)

    @property
    def days(self) -> list[int]:
        """All days, from the first."""
        return [int(day) for day in self._days]

    def near(self, day: float, within: float) -> int | None:
        """The visit nearest to a day, at most so many days off."""
        place = int(np.searchsorted(self._days, day))
        around = self._days[max(place - 1, 0) : place + 1]
        nearest = min(around, key=lambda visit: abs(visit - day), default=None)
        return None if nearest is None or abs(nearest - day) > within else int(nearest)

    def next(self, day: int | None, step: int, first: float, last: float) -> int | None:
        """The visit after a day, or before it for a negative step; None at the end.

        Without a day: the first or the last visit in sight, from `first` to `last`, if any.
        """
        days = self._days
        if day is None:
            in_sight = days[(days >= first) & (days <= last)]
            candidates = in_sight if in_sight.size else days
        else:
            candidates = days[days > day] if step > 0 else days[days < day]
        if candidates.size == 0:
            return None
        return int(candidates[0] if step > 0 else candidates[-1])
