"""Kaplan-Meier curves in words: the summary of a curve, and what happened at a step."""

from __future__ import annotations

from collections.abc import Sequence

from gui.plots.texts import names
from model.cohort import numbers
from model.cohort.kaplan_meier import Curve, Estimate
from model.language import _, ngettext
from model.rounding import grouped


def curve_texts(curve: Curve) -> tuple[str, ...]:
    """Return summaries, from long to short: `9 events · median 22.0 months (95 % CI …)`."""
    events = ngettext("{n} event", "{n} events", curve.n_events)
    median = curve.median
    value, bounds = _months(median.value), numbers.interval(median.low, median.high, "months")
    is_reached = median.value is not None
    texts = (
        _("{of} observed · {events} · {median} {interval}"),
        _("{events} · {median} {interval}"),
        _("{events} · {short} {interval}"),
        _("{n}/{of} · {value} {interval}"),
        _("{n}/{of} · median {value}"),
    )
    values = {
        "n": grouped(curve.n_events),
        "of": grouped(curve.n),
        "events": events.format(n=grouped(curve.n_events)),
        "value": value,
        "median": (_("median {n} months") if is_reached else _("median {n}")).format(n=value),
        "short": (_("median {n} mo") if is_reached else _("median {n}")).format(n=value),
        "interval": _("(95 % CI {interval})").format(interval=bounds) if bounds else "",
    }
    return tuple(text.format(**values).rstrip() for text in texts)


def curve_text(curve: Curve) -> str:
    """Return events and median of a curve, with its interval; NR where it is not reached."""
    return curve_texts(curve)[1]


def _months(value: float | None) -> str:
    return _("NR") if value is None else numbers.estimate(value, "months")


def step_tip(name: str, curve: Curve, place: int, had_event: bool, codes: Sequence[str]) -> str:
    """Return what happened at a step: events or censored, at risk, the estimate, and who."""
    time = float(curve.times[place])
    count = int((curve.events if had_event else curve.censored)[place])
    events = ngettext("{n} event", "{n} events", count) if had_event else _("{n} censored")
    what = events.format(n=grouped(count))
    when = _("{group}: {months} months, {what}") if name else _("{months} months, {what}")
    lines = (
        when.format(group=name, months=_months(time), what=what),
        _("{n} at risk before, then {share}").format(
            n=grouped(int(curve.at_risk[place])), share=_share(curve.at(time))
        ),
        names(codes),
    )
    return "\n".join(filter(None, lines))


def _share(estimate: Estimate) -> str:
    if estimate.value is None:
        return ""
    value = numbers.estimate(100 * estimate.value, "%")
    if estimate.low is None or estimate.high is None:
        return _("{share} % event-free").format(share=value)
    between = numbers.interval(100 * estimate.low, 100 * estimate.high, "%")
    text = _("{share} % event-free (95 % CI {interval})")
    return text.format(share=value, interval=between)
