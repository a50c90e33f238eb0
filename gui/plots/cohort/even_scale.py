"""Months or days along a figure, evenly, and the round ones that are labelled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600)
DAYS = (1, 2, 7, 14, 28, 56, 84, 168, 336, 730, 3650)


@dataclass(frozen=True, slots=True)
class EvenScale:
    """What is shown, from `first` to `last`, and the pixels it is drawn on, from `left`."""

    first: float
    last: float
    left: float = 0.0
    width: float = 1.0

    @property
    def right(self) -> float:
        """The pixel of the last."""
        return self.left + self.width

    def x(self, at: float) -> float:
        """The pixel of a time."""
        return self.left + (at - self.first) * self.width / (self.last - self.first)

    def xs(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """The pixels of many times."""
        return self.left + (at - self.first) * (self.width / (self.last - self.first))

    def at(self, x: float) -> float:
        """The time of a pixel."""
        return self.first + (x - self.left) * (self.last - self.first) / self.width

    def ticks(self, room: float, steps: Sequence[int] = MONTHS) -> list[int]:
        """Multiples of the smallest step of which each has so many pixels."""
        least = room * (self.last - self.first) / max(self.width, 1.0)
        step = next((step for step in steps if step >= least), steps[-1])
        return list(range(math.ceil(self.first / step) * step, math.floor(self.last) + 1, step))
