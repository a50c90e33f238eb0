"""The administered activity in words: the value, and how it follows from the measurements."""

from __future__ import annotations

import math
from datetime import datetime

from model.language import _
from model.records.administrations import Administration, percent_text
from model.reference import nuclides
from model.reference.activities import activity_text, from_mbq
from model.reference.nuclides import Nuclide

HALF_LIVES = "ICRP 107"
"""The source of all half-lives in `resources/nuclides.csv`."""


def administered_text(given: Administration) -> str:
    """Return `Administered 6.087 MBq = (6.20 − 0.10) decayed to 10:15, T½ 225Ac 10.0 d (…)`."""
    if given.activity_mbq is None:
        return _("Administered: activity unknown")
    if is_negative(given):
        return activity_words(given)
    return _("Administered {activity}").format(activity=activity_words(given))


def activity_words(given: Administration) -> str:
    """Return the administered activity and how it was calculated, or what is wrong with it."""
    activity = given.activity_mbq
    if activity is None:
        return _("activity unknown")
    if is_negative(given):
        return _("The residual is larger than the measured activity.")
    total = activity_text(activity, given.unit, digits=4)
    if given.measured_mbq is None:
        return f"{total}, {_as_reported(given, activity)}"
    return f"{total} = {_calculation(given, given.measured_mbq)}"


def is_negative(given: Administration) -> bool:
    """Return whether the residual is larger than the measured activity."""
    return given.measured_mbq is not None and (given.activity_mbq or 0.0) < 0


def calibrated_text(given: Administration) -> str:
    """Return the calibrated activity at the start, where nothing was measured or reported.

    Empty where it cannot be calculated; it never counts as administered by itself.
    """
    at_start, when = given.calibrated_at_start_mbq, given.started_at
    nuclide = nuclides.find(given.nuclide)
    if at_start is None or given.activity_mbq is not None or when is None or nuclide is None:
        return ""
    calibrated = _figure(given.calibrated_mbq or 0.0, given.unit)
    return _("Calibrated {calibrated} {unit} is {activity} at {time}, {half_life}").format(
        calibrated=calibrated,
        unit=given.unit,
        activity=activity_text(at_start, given.unit, digits=4),
        time=_clock(when, given.calibrated_at),
        half_life=half_life(nuclide),
    )


def deviation_text(given: Administration) -> str:
    """Return how far the activity is from the prescribed one, where that is over 10 %."""
    deviation = given.deviation
    if deviation is None or not given.deviates:
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
        return f"{hours / 24:.4g} d" if hours % 24 else f"{hours / 24:.1f} d"
    return f"{hours:.4g} h" if hours >= 3 else f"{hours * 60:.4g} min"


def _as_reported(given: Administration, activity: float) -> str:
    """Return the origin of an activity that was not measured."""
    at_start, when = given.calibrated_at_start_mbq, given.started_at
    nuclide = nuclides.find(given.nuclide)
    if (
        at_start is None
        or when is None
        or nuclide is None
        # The calibrated activity is offered with four digits: one that was accepted is rounded.
        or not math.isclose(activity, at_start, rel_tol=1e-3)
    ):
        return _("as reported")
    return _("as reported: calibrated {calibrated} decayed to {time}, {half_life}").format(
        calibrated=_figure(given.calibrated_mbq or 0.0, given.unit),
        time=_clock(when, given.calibrated_at),
        half_life=half_life(nuclide),
    )


def _calculation(given: Administration, measured_mbq: float) -> str:
    """Return measured activity minus residual, with decay or why there is none."""
    measured = _figure(measured_mbq, given.unit)
    residual = None if given.residual_mbq is None else _figure(given.residual_mbq, given.unit)
    difference = measured if residual is None else f"({measured} − {residual})"
    nuclide = nuclides.find(given.nuclide)
    if nuclide is None:
        text = _("{difference}, without decay: the half-life of {nuclide} is unknown")
        return text.format(difference=difference, nuclide=given.nuclide)
    if given.started_at is None:
        text = (
            _("{difference}, without decay: the start is missing")
            if given.measured_at or given.residual_at
            else _("{difference}, without decay: there are no times")
        )
        return text.format(difference=difference)
    if given.measured_at and (residual is None or given.residual_at):
        text = _("{difference} decayed to {time}, {half_life}")
    elif given.measured_at:
        text = _("{measured} decayed to {time}, {half_life}, − {residual} as measured")
    elif residual is not None and given.residual_at:
        text = _("{measured} as measured − {residual} decayed to {time}, {half_life}")
    else:
        text = _("{difference}, without decay: the time of the measurement is missing")
    return text.format(
        difference=difference,
        measured=measured,
        residual=residual,
        time=_clock(given.started_at, given.measured_at),
        half_life=half_life(nuclide),
    )


def _figure(mbq: float, unit: str) -> str:
    """Return an activity with at least two decimals, so that differences can be checked."""
    value = from_mbq(mbq, unit)
    return max(f"{value:.2f}", f"{value:.6g}", key=len)


def _clock(moment: datetime, other: datetime | None) -> str:
    """Return the time, with its date where the measurement was on another day."""
    same = other is None or other.date() == moment.date()
    return f"{moment:%H:%M}" if same else f"{moment:%Y-%m-%d %H:%M}"
