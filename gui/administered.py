"""The administered activity in words: the figure, and how it comes of what was measured."""

from __future__ import annotations

import math
from datetime import datetime

from model.records.administrations import Administration, percent_text
from model.reference import nuclides
from model.reference.activities import exact_text, from_mbq
from model.reference.nuclides import Nuclide

HALF_LIVES = "ICRP 107"
"""Where all half-lives of `resources/nuclides.csv` are from."""


def administered_text(given: Administration) -> str:
    """`Administered 6.087 MBq = (6.20 − 0.10) decayed to 10:15, T½ 225Ac 10.0 d (ICRP 107)`."""
    activity = given.activity_mbq
    if activity is None:
        return "Administered: activity unknown"
    total = f"Administered {exact_text(activity, given.unit)}"
    if given.measured_mbq is None:
        return f"{total}, {_stated(given, activity)}"
    if activity < 0:
        return "More was left than had been measured."
    return f"{total} = {_reckoning(given, given.measured_mbq)}"


def calibrated_text(given: Administration) -> str:
    """What the calibrated activity is at the start, where nothing was measured or stated.

    Empty where it does not follow; it is never taken as administered by itself.
    """
    at_start, when = given.calibrated_at_start_mbq, given.started_at
    nuclide = nuclides.find(given.nuclide)
    if at_start is None or given.activity_mbq is not None or when is None or nuclide is None:
        return ""
    calibrated = _figure(given.calibrated_mbq or 0.0, given.unit)
    return (
        f"Calibrated {calibrated} {given.unit} is {exact_text(at_start, given.unit)}"
        f" at {_clock(when, given.calibrated_at)}, {half_life(nuclide)}"
    )


def deviation_text(given: Administration) -> str:
    """How far the activity lies from the prescribed one, where that is over 10 %."""
    deviation = given.deviation
    if deviation is None or not given.deviates:
        return ""
    sign = "over" if deviation > 0 else "under"
    return f"{percent_text(deviation).lstrip('+−')} {sign} the prescribed activity"


def half_life(nuclide: Nuclide) -> str:
    """A half-life with whose it is and where it is from: `T½ 225Ac 10.0 d (ICRP 107)`."""
    return f"T½ {nuclide.name} {half_life_text(nuclide)} ({HALF_LIVES})"


def half_life_text(nuclide: Nuclide) -> str:
    """A half-life in the unit it is spoken of in: `10.0 d`, `64.1 h`, `67.7 min`."""
    hours = nuclide.half_life_h
    if hours >= 96:
        return f"{hours / 24:.4g} d" if hours % 24 else f"{hours / 24:.1f} d"
    return f"{hours:.4g} h" if hours >= 3 else f"{hours * 60:.4g} min"


def _stated(given: Administration, activity: float) -> str:
    """How an activity came about that was not measured."""
    at_start, when = given.calibrated_at_start_mbq, given.started_at
    nuclide = nuclides.find(given.nuclide)
    if (
        at_start is None
        or when is None
        or nuclide is None
        # As many digits as were shown when it was taken over.
        or not math.isclose(activity, at_start, rel_tol=1e-3)
    ):
        return "as stated"
    calibrated = _figure(given.calibrated_mbq or 0.0, given.unit)
    clock = _clock(when, given.calibrated_at)
    return f"as stated: calibrated {calibrated} decayed to {clock}, {half_life(nuclide)}"


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
    tail = half_life(nuclide)
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
