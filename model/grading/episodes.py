"""Episodes of toxicity in the results of one patient, and the toxicities recorded for them.

A series has the grades of one analyte by one term in one direction, in order of time. An episode is
a run of toxic results in a series, up to the next result that is not toxic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from model.dates import first_day, last_day
from model.grading.lab_grades import (
    LabGrade,
    Series,
    baseline_lines,
    is_worse_than_baseline,
    series_of,
)
from model.records.starts import CycleStart
from model.records.toxicities import Toxicity

RELAPSE = 3
"""From this grade on, a toxic result after a closing at grade 1 is a relapse."""


class Episode(NamedTuple):
    """A run of toxic results, with all results of its series."""

    toxic: Sequence[LabGrade]
    """The toxic results of the run."""
    series: Sequence[LabGrade]

    @property
    def first_on(self) -> date:
        """The day of the first toxic result."""
        return self.toxic[0].result.taken_on

    @property
    def last_on(self) -> date:
        """The day of the last toxic result."""
        return self.toxic[-1].result.taken_on

    @property
    def is_over(self) -> bool:
        """Whether a later result of the series is not toxic."""
        return self.toxic[-1] is not self.series[-1]

    @property
    def worst(self) -> LabGrade:
        """The first result of the highest grade."""
        return max(self.toxic, key=lambda line: line.grade or 0)

    def overlaps(self, other: Episode) -> bool:
        """Return whether both episodes have a day in common."""
        return self.first_on <= other.last_on and other.first_on <= self.last_on


def series_lines(graded: Iterable[LabGrade]) -> list[list[LabGrade]]:
    """Return the results that have a grade, one list for each series, in order of time."""
    by_series: dict[Series, list[LabGrade]] = {}
    for line in graded:
        if line.term and line.grade is not None:
            by_series.setdefault(series_of(line), []).append(line)
    return [*by_series.values()]


def episodes(
    graded: Iterable[LabGrade], first_start: CycleStart | None, version: str
) -> Iterator[Episode]:
    """Yield the episodes of all series; results before the first cycle count as not toxic."""
    for series in series_lines(graded):
        baseline = next(iter(baseline_lines(series).values()), None)

        def is_toxic(line: LabGrade, baseline: LabGrade | None = baseline) -> bool:
            is_before = first_start is not None and first_start.is_before(line.result)
            return not is_before and is_worse_than_baseline(line, baseline, version)

        for toxic, lines in groupby(series, is_toxic):
            if toxic:
                yield Episode([*lines], series)


def since_recovery(episode: Episode, toxicities: Iterable[Toxicity], version: str) -> Episode:
    """Return the part of an episode after the last recorded recovery that a relapse followed.

    A toxicity may be closed at grade 1, which does not end the episode. Grade 3 or higher after
    that is a relapse, and not part of the toxicity that was closed. Counts that waver about grade 2
    remain one episode. Without a relapse the whole episode is returned.
    """
    ends = [
        event.resolved_on
        for event in recorded_in(episode, toxicities, version)
        if event.resolved_on
    ]
    for index in range(len(episode.toxic) - 1, -1, -1):
        line, later = episode.toxic[index], episode.toxic[index + 1 :]
        is_closed = line.grade == 1 and any(end <= line.result.taken_on for end in ends)
        if is_closed and any((each.grade or 0) >= RELAPSE for each in later):
            return episode._replace(toxic=later)
    return episode


def recorded_in(episode: Episode, toxicities: Iterable[Toxicity], version: str) -> list[Toxicity]:
    """Return the toxicities recorded for the term of an episode that were present during it."""
    end = episode.last_on if episode.is_over else date.max
    return [
        event
        for event in toxicities
        if (event.term, event.ctcae_version) == (episode.worst.term, version)
        and first_day(event.onset_on or date.min) <= end
        and _last_day(event, episode.series) >= episode.first_on
    ]


def _last_day(event: Toxicity, series: Sequence[LabGrade]) -> date:
    """Return the last day of a toxicity; if not recorded, the day of the next result of grade 0."""
    if event.resolved_on or event.is_ongoing:
        return event.resolved_on or date.max
    last_onset = last_day(event.onset_on or date.min)
    days_of_grade_0 = (line.result.taken_on for line in series if not line.grade)
    return next((day for day in days_of_grade_0 if day > last_onset), date.max)
