"""The administered activity in words: the figure, and how it comes of what was measured."""

from __future__ import annotations

from datetime import datetime

from model import nuclides
from model.cycles import LARGEST_DEVIATION, Administration, activity_text, from_mbq
from model.nuclides import Nuclide


def administered_text(given: Administration) -> str:
    """`Administered 6.02 MBq = (6.20 − 0.10) decayed to 10:15, T½ 10.0 d (225Ac)`."""
    activity = given.activity_mbq
    if activity is None:
        return "Administered: activity unknown"
    total = f"Administered {activity_text(activity, given.unit)}"
    if given.measured_mbq is None:
        return f"{total}, as stated"
    if given.residual_mbq is not None and given.residual_mbq > given.measured_mbq:
        return "More was left than had been measured."
    return f"{total} = {_reckoning(given, given.measured_mbq)}"


def deviation_text(given: Administration) -> str:
    """How far the activity lies from the prescribed one, where that is over 10 %."""
    deviation = given.deviation
    if deviation is None or abs(deviation) <= LARGEST_DEVIATION:
        return ""
    sign = "over" if deviation > 0 else "under"
    return f"{abs(deviation):.0%} {sign} the prescribed activity".replace("%", " %")


def half_life_text(nuclide: Nuclide) -> str:
    """A half-life in the unit it is spoken of in: `10.0 d`, `64.1 h`, `67.7 min`."""
    hours = nuclide.half_life_h
    if hours >= 96:
        return f"{hours / 24:.4g} d" if hours % 24 else f"{hours / 24:.1f} d"
    return f"{hours:.4g} h" if hours >= 3 else f"{hours * 60:.4g} min"


def _reckoning(given: Administration, measured_mbq: float) -> str:
    measured = _figure(measured_mbq, given.unit)
    residual = None if given.residual_mbq is None else _figure(given.residual_mbq, given.unit)
    together = measured if residual is None else f"({measured} − {residual})"
    nuclide = nuclides.find(given.nuclide)
    if nuclide is None:
        return f"{together}, without decay: the half-life of {given.nuclide} is not known"
    if given.started_at is None:
        timed = given.measured_at or given.residual_at
        why = "the start is missing" if timed else "there are no times"
        return f"{together}, without decay: {why}"
    when = _clock(given.started_at, given.measured_at)
    tail = f"T½ {half_life_text(nuclide)} ({nuclide.name})"
    if given.measured_at and (residual is None or given.residual_at):
        return f"{together} decayed to {when}, {tail}"
    if given.measured_at:
        return f"{measured} decayed to {when}, {tail}, − {residual} as it was"
    if given.residual_at:
        return f"{measured} as it was − {residual} decayed to {when}, {tail}"
    return f"{together}, without decay: the time of the measurement is missing"


def _figure(mbq: float, unit: str) -> str:
    """An activity with two decimals at least, so that differences can be followed."""
    value = from_mbq(mbq, unit)
    return max(f"{value:.2f}", f"{value:.6g}", key=len)


def _clock(moment: datetime, other: datetime | None) -> str:
    """The time, with its date where the measurement was on another day."""
    same = other is None or other.date() == moment.date()
    return f"{moment:%H:%M}" if same else f"{moment:%Y-%m-%d %H:%M}"
