"""Days since infusion to pixels: the axis on which cycles are aligned. Knows no widget."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gui.plots.time_scale import Tick, TimeScale

TICK_ROOM = 46
"""Pixels that a tick needs for its number."""

_STEPS = (1, 2, 7, 14, 28, 56)


@dataclass(frozen=True, slots=True)
class SinceScale(TimeScale):
    """A scale whose days are counted from the infusion, with its ticks on whole weeks."""

    def ticks(self) -> list[Tick]:
        """Ticks on round days, far enough apart for their numbers; day 0 is always one of them."""
        room = self.length / max(self.width, 1) * TICK_ROOM
        step = next((step for step in _STEPS if step >= room), _STEPS[-1])
        first, last = math.ceil(self.first / step), math.floor(self.last / step)
        return [Tick(n * step, day_text(n * step)) for n in range(first, last + 1)]


def day_text(day: int) -> str:
    """A day since the infusion as it is written on the axis: `−7`, `0`, `14`."""
    return f"−{-day}" if day < 0 else str(day)
