"""The administered activity in words: the value, and how it follows from the measurements."""

from __future__ import annotations

import math
from datetime import datetime

from model.language import _
from model.records.administrations import Administration, percent_text
from model.reference import nuclides
from model.reference.activities import activity_text, from_mbq
from model.reference.nuclides import Nuclide
from model.rounding import decimals, figures

HALF_LIVES = "ICRP 107"
"""The source of all half-lives in `resources/nuclides.csv`."""


def administered_text(administration: Administration) -> str:
    """Return `Administered 6.087 MBq = (6.20 − 0.10) decayed to 10:15, T½ 225Ac 10.0 d (…)`."""
    if administration.activity_mbq is None:
        return _("Administered: activity unknown")
    if is_negative(administration):
        return activity_words(administration)
    return _("Administered {activity}").format(activity=activity_words(administration))


def activity_words(administration: Administration) -> str:
    """Return the administered activity and how it was calculated, or what is wrong with it."""
    activity = administration.activity_mbq
    if activity is None:
        return _("activity unknown")
    if is_negative(administration):
        return _("The residual is larger than the measured activity.")
    total = activity_text(activity, administration.unit, digits=4)
    measured = administration.measured_mbq
    if measured is None:
        return f"{total}, {_as_reported(administration, activity)}"
    return f"{total} = {_calculation(administration, measured)}"


def is_negative(administration: Administration) -> bool:
    """Return whether the residual is larger than the measured activity."""
    return administration.measured_mbq is not None and (administration.activity_mbq or 0.0) < 0


def calibrated_text(administration: Administration) -> str:
    """Return the calibrated activity at the start, where nothing was measured or reported.

    Empty where it cannot be calculated; it never counts as administered by itself.
    """
    at_start, start = administration.calibrated_at_start_mbq, administration.started_at
    nuclide = nuclides.find(administration.nuclide)
    is_known = administration.activity_mbq is not None
    if at_start is None or start is None or nuclide is None or is_known:
        return ""
    return _("Calibrated {calibrated} {unit} is {activity} at {time}, {half_life}").format(
        calibrated=_figure(administration.calibrated_mbq or 0.0, administration.unit),
        unit=administration.unit,
        activity=activity_text(at_start, administration.unit, digits=4),
        time=_clock(start, administration.calibrated_at),
        half_life=half_life(nuclide),
    )


def deviation_text(administration: Administration) -> str:
    """Return how far the activity is from the prescribed one, where that is over 10 %."""
    deviation = administration.deviation
    if deviation is None or not administration.deviates:
        return ""
    text = (
        _("{percent} over the prescribed activity")
        if deviation > 0
        else _("{percent} under the prescribed activity")
    )
    return text.format(percent=percent_text(deviation).lstrip("+−"))


def half_life(nuclide: Nuclide) -> str:
    """Return the half-life of a nuclide with its source: `T½ 225Ac 10.0 d (ICRP 107)`."""
    return f"T½ {nuclide.name} {half_life_text(nuclide)} ({HALF_LIVES})"


def half_life_text(nuclide: Nuclide) -> str:
    """Return a half-life in its usual unit: `10.0 d`, `64.1 h`, `67.7 min`."""
    hours = nuclide.half_life_h
    if hours >= 96:
        return f"{figures(hours / 24, 4) if hours % 24 else decimals(hours / 24, 1)} d"
    return f"{figures(hours, 4)} h" if hours >= 3 else f"{figures(hours * 60, 4)} min"


def _as_reported(administration: Administration, activity: float) -> str:
    """Return where an activity that was not measured comes from."""
    at_start, start = administration.calibrated_at_start_mbq, administration.started_at
    nuclide = nuclides.find(administration.nuclide)
    if (
        at_start is None
        or start is None
        or nuclide is None
        # The calibrated activity is offered with four digits: one that was accepted is rounded.
        or not math.isclose(activity, at_start, rel_tol=1e-3)
    ):
        return _("as reported")
    return _("as reported: calibrated {calibrated} decayed to {time}, {half_life}").format(
        calibrated=_figure(administration.calibrated_mbq or 0.0, administration.unit),
        time=_clock(start, administration.calibrated_at),
        half_life=half_life(nuclide),
    )


def _calculation(administration: Administration, measured_mbq: float) -> str:
    """Return measured activity minus residual, with decay or why there is none."""
    unit, start = administration.unit, administration.started_at
    measured = _figure(measured_mbq, unit)
    measured_at, residual_at = administration.measured_at, administration.residual_at
    residual, difference = "", measured
    if administration.residual_mbq is not None:
        residual = _figure(administration.residual_mbq, unit)
        difference = f"({measured} − {residual})"
    nuclide = nuclides.find(administration.nuclide)
    if nuclide is None:
        text = _("{difference}, without decay: the half-life of {nuclide} is unknown")
        return text.format(difference=difference, nuclide=administration.nuclide)
    if start is None:
        text = (
            _("{difference}, without decay: the start is missing")
            if measured_at or residual_at
            else _("{difference}, without decay: there are no times")
        )
        return text.format(difference=difference)
    if measured_at and (residual_at or not residual):
        text = _("{difference} decayed to {time}, {half_life}")
    elif measured_at:
        text = _("{measured} decayed to {time}, {half_life}, − {residual} as measured")
    elif residual_at and residual:
        text = _("{measured} as measured − {residual} decayed to {time}, {half_life}")
    else:
        text = _("{difference}, without decay: the time of the measurement is missing")
    return text.format(
        difference=difference,
        measured=measured,
        residual=residual,
        time=_clock(start, measured_at, residual_at if residual else None),
        half_life=half_life(nuclide),
    )


def _figure(mbq: float, unit: str) -> str:
    """Return an activity with at least two decimals, so that differences can be checked."""
    value = from_mbq(mbq, unit)
    return max(decimals(value, 2), figures(value, 6), key=len)


def _clock(start: datetime, *measured_at: datetime | None) -> str:
    """Return the time of the start, with its date where anything was measured on another day."""
    is_same_day = all(each is None or each.date() == start.date() for each in measured_at)
    return f"{start:%H:%M}" if is_same_day else f"{start:%Y-%m-%d %H:%M}"
