"""Which days of a course are shown: at first, at most, and after hands have zoomed and moved."""

from __future__ import annotations

from dataclasses import replace

from gui.plots.time_scale import TimeScale
from model.course.course import Span

SHORTEST = 14.0
"""Days that are shown at least."""


def home(scale: TimeScale, span: Span | None) -> TimeScale:
    """The scale with the days that are shown at first: from the baseline of the first cycle."""
    if span is None:
        return replace(scale, first=0.0, last=1.0)
    return replace(scale, first=float(span.first.toordinal()), last=float(span.last.toordinal()))


def whole(scale: TimeScale, span: Span) -> TimeScale:
    """The scale with all days of which something is recorded."""
    first, last = span.whole_first.toordinal(), span.whole_last.toordinal()
    return replace(scale, first=float(first), last=float(last))


def limited(scale: TimeScale, span: Span) -> TimeScale:
    """The scale with its days kept within what is recorded and not shorter than can be read.

    Lengths are those of the axis as it is drawn, with its pauses pressed together.
    """
    breaks, all_days = scale.breaks, whole(scale, span)
    earliest, latest = breaks.pressed(all_days.first), breaks.pressed(all_days.last)
    start, end = breaks.pressed(scale.first), breaks.pressed(scale.last)
    length = min(max(end - start, SHORTEST), latest - earliest)
    start = min(max((start + end - length) / 2, earliest), latest - length)
    return replace(scale, first=breaks.day(start), last=breaks.day(start + length))


def begins_earlier(scale: TimeScale, span: Span) -> bool:
    """Whether days before the first range are in sight."""
    return scale.first < span.first.toordinal()
