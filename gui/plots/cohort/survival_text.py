"""Texts on Kaplan-Meier curves: the summary of a curve, and the tool tip of a step."""

from __future__ import annotations

from collections.abc import Sequence

from gui.plots.texts import list_codes
from model.cohort import numbers
from model.cohort.kaplan_meier import Curve, Estimate
from model.language import _, ngettext
from model.rounding import group_thousands


def curve_texts(curve: Curve) -> tuple[str, ...]:
    """Return summaries of a curve from long to short.

    One of them is, for instance, `9 events · median 22.0 months (95 % CI 13.0–31.0)`.
    """
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
        "n": group_thousands(curve.n_events),
        "of": group_thousands(curve.n),
        "events": events.format(n=group_thousands(curve.n_events)),
        "value": value,
        "median": (_("median {n} months") if is_reached else _("median {n}")).format(n=value),
        "short": (_("median {n} mo") if is_reached else _("median {n}")).format(n=value),
        "interval": _("(95 % CI {interval})").format(interval=bounds) if bounds else "",
    }
    return tuple(text.format(**values).rstrip() for text in texts)


def curve_text(curve: Curve) -> str:
    """Return the events of a curve and its median with interval; NR means not reached."""
    return curve_texts(curve)[1]


def _months(value: float | None) -> str:
    return _("NR") if value is None else numbers.estimate(value, "months")


def step_tip(group: str, curve: Curve, index: int, had_event: bool, codes: Sequence[str]) -> str:
    """Return the tool tip of a step: its time, its events or censored patients, and their codes.

    `group` is empty for a single curve.
    """
    time = float(curve.times[index])
    count = int((curve.events if had_event else curve.censored)[index])
    text = ngettext("{n} event", "{n} events", count) if had_event else _("{n} censored")
    head = _("{group}: {months} months, {events}") if group else _("{months} months, {events}")
    lines = (
        head.format(
            group=group, months=_months(time), events=text.format(n=group_thousands(count))
        ),
        _("{n} at risk before, then {share}").format(
            n=group_thousands(int(curve.at_risk[index])), share=_share_text(curve.at(time))
        ),
        list_codes(codes),
    )
    return "\n".join(filter(None, lines))


def _share_text(estimate: Estimate) -> str:
    if estimate.value is None:
        return ""
    value = numbers.estimate(100 * estimate.value, "%")
    if estimate.low is None or estimate.high is None:
        return _("{share} % event-free").format(share=value)
    interval = numbers.interval(100 * estimate.low, 100 * estimate.high, "%")
    text = _("{share} % event-free (95 % CI {interval})")
    return text.format(share=value, interval=interval)
