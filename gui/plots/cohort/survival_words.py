"""Kaplan-Meier curves in words: what one comes to, and what happened at a step."""

from __future__ import annotations

from collections.abc import Sequence

from gui.plots.cohort.texts import names
from gui.words import grouped
from model.cohort import numbers
from model.cohort.kaplan_meier import Curve, Estimate
from model.cohort.survival import median_of
from model.language import _, ngettext


def curve_texts(curve: Curve) -> tuple[str, ...]:
    """What a curve comes to, from long to short: `9 events · median 22.0 months (95 % CI …)`."""
    events, of = curve.n_events, f"{curve.n} observed"
    events_text = ngettext("{n} event", "{n} events", events).format(n=grouped(events))
    median = median_of(curve)
    interval = f"(95 % CI {_months(median.low)}–{_months(median.high)})"
    value = _months(median.value)
    unit = "" if median.value is None else " months"
    return (
        f"{of} · {events_text} · median {value}{unit} {interval}",
        f"{events_text} · median {value}{unit} {interval}",
        f"{events_text} · median {value} mo {interval}".replace("NR mo", "NR"),
        f"{events}/{curve.n} · {value} {interval}",
        f"{events}/{curve.n} · median {value}",
    )


def curve_text(curve: Curve) -> str:
    """What a curve comes to: events, median and its interval; NR where it is not reached."""
    return curve_texts(curve)[1]


def _months(value: float | None) -> str:
    return "NR" if value is None else numbers.estimate(value, "months")


def step_tip(name: str, curve: Curve, place: int, had_event: bool, codes: Sequence[str]) -> str:
    """What happened at a step: events or censored, those at risk, the estimate, and who."""
    time = float(curve.times[place])
    count = int((curve.events if had_event else curve.censored)[place])
    events = ngettext("{n} event", "{n} events", count) if had_event else _("{n} censored")
    what = events.format(n=grouped(count))
    share = _share(curve.at(time))
    at_risk = f"{int(curve.at_risk[place])} at risk before"
    head = f"{name}: " if name else ""
    lines = (f"{head}{_months(time)} months, {what}", f"{at_risk}, then {share}", names(codes))
    return "\n".join(filter(None, lines))


def _share(estimate: Estimate) -> str:
    if estimate.value is None:
        return ""
    share = f"{numbers.estimate(100 * estimate.value, '%')} % without event"
    if estimate.low is None or estimate.high is None:
        return share
    between = numbers.interval(100 * estimate.low, 100 * estimate.high, "%")
    return f"{share} (95 % CI {between})"
