"""The days with results that a cursor goes to."""

from __future__ import annotations

from collections.abc import Iterable


class Visits:
    """Days on which something was measured, as `date.toordinal` counts them."""

    def __init__(self, days: Iterable[int] = ()) -> None:
        self.days = sorted(set(days))

    def near(self, day: float, within: float) -> int | None:
        """The visit nearest to a day, at most so many days off."""
        nearest = min(self.days, key=lambda visit: abs(visit - day), default=None)
        return None if nearest is None or abs(nearest - day) > within else nearest

    def next(self, day: int | None, step: int, first: float, last: float) -> int | None:
        """The visit after a day, or before it for a negative step; None at the end.

        Without a day: the first or the last visit in sight, from `first` to `last`, if any.
        """
        if day is None:
            candidates = [visit for visit in self.days if first <= visit <= last] or self.days
        else:
            candidates = [visit for visit in self.days if (visit - day) * step > 0]
        return (candidates[0] if step > 0 else candidates[-1]) if candidates else None
