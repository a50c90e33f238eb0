"""Curves behind a patient's trends: the other patients, or another analyte."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from gui.pages.patient.course.menu_buttons import NOTHING, PATIENTS
from gui.session.background import Background, Job
from gui.session.session import Session
from model.course import other_patients
from model.course.course import Course
from model.course.other_patients import Alignment, OtherCurves
from model.course.overlay import align_by_cycle
from model.course.trends import Trend, number_text
from model.language import _, ngettext
from model.rounding import group_thousands

if TYPE_CHECKING:
    from gui.plots.course.background_lines import BackgroundLines


COMPARED = frozenset(("patient", "cycle", "administration", "lab_result", "laboratory_limit"))
"""The database tables that the curves of other patients are computed from."""


class Comparison(QObject):
    """Computes the curves to compare with; those of other patients off the GUI thread.

    The curves for a patient who is no longer shown are dropped.
    """

    curves_ready = Signal(object)
    """Emits the curves (`BackgroundLines`) by analyte, for the course shown last."""

    def __init__(self, session: Session, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._request: tuple[Course, Sequence[str], Alignment] | None = None

    def show(
        self, course: Course, analytes: Sequence[str], choice: str, aligned: Alignment
    ) -> None:
        """Compute the curves for these analytes, by key; drop earlier requests."""
        self.stop()
        if choice == PATIENTS and course.first_cycle_on is not None:
            self._request = course, analytes, aligned
            self.refresh()
        elif choice not in (NOTHING, PATIENTS):
            self.curves_ready.emit(_analyte_curve(course, analytes, choice, aligned))

    def stop(self) -> None:
        """Remove the curves, and drop requests that are still running."""
        self._background.cancel(self)
        self._request = None
        self.curves_ready.emit({})

    def refresh(self) -> None:
        """Compute the curves of other patients again, if shown; the old ones stay until then."""
        if self._request is not None:
            self._load_patients(*self._request)

    def _load_patients(self, course: Course, analytes: Sequence[str], aligned: Alignment) -> None:
        trends = {key: course.trend(key) for key in analytes}
        # Measured values of other patients are not comparable with derived ones of the same name.
        without_curve = {key: _no_curve() for key, trend in trends.items() if trend.formula}
        units = {key: trend.unit for key, trend in trends.items() if not trend.formula}
        casebook = self._session.casebook

        def work(job: Job) -> dict[str, OtherCurves]:
            curves = {}
            with closing(casebook.new_connection()) as reader:
                for key, unit in units.items():
                    job.check()
                    curves[key] = other_patients.load_curves(
                        reader, key, unit, course.patient_id, aligned
                    )
            return curves

        def show(curves: dict[str, OtherCurves]) -> None:
            first = course.first_cycle_on if aligned is Alignment.FIRST_CYCLE else None
            start = float(first.toordinal()) if first else 0.0
            lines = {key: _patient_curves(each, start) for key, each in curves.items()}
            self.curves_ready.emit(lines | without_curve)

        self._background.run(self, work, show, replaces="behind")


def _patient_curves(curves: OtherCurves, start: float) -> BackgroundLines:
    from gui.plots.course.background_lines import BackgroundLines

    caption = ngettext("with {n} other patient", "with {n} other patients", curves.patients).format(
        n=group_thousands(curves.patients)
    )
    if curves.left_out:
        left_out = ngettext("{n} result left out", "{n} results left out", curves.left_out)
        caption = f"{caption}, {left_out.format(n=group_thousands(curves.left_out))}"
    return BackgroundLines(curves.days + start, curves.values, caption)


def _no_curve() -> BackgroundLines:
    from gui.plots.course.background_lines import BackgroundLines

    return BackgroundLines(np.empty(0), np.empty(0), _("others: not derived"))


def _analyte_curve(
    course: Course, analytes: Sequence[str], choice: str, aligned: Alignment
) -> dict[str, BackgroundLines]:
    """Return the curve of another analyte, on a scale of its own because its unit differs."""
    from gui.plots.course.background_lines import BackgroundLines, join_curves

    trend = course.trend(choice)
    if not trend.values.size:
        return {}
    lines = [(trend.days, trend.values)]
    if aligned is Alignment.EACH_CYCLE:
        lines = [(line.days, line.values) for line in align_by_cycle(course, choice).lines]
    curve = BackgroundLines(*join_curves(lines), caption=_caption(trend), has_own_scale=True)
    return {key: replace(curve) for key in analytes if key != choice}


def _caption(trend: Trend) -> str:
    low, high = (number_text(float(end)) for end in (np.min(trend.values), np.max(trend.values)))
    text = _("with {analyte} {low} – {high}").format(analyte=trend.name, low=low, high=high)
    return f"{text} {trend.unit}".rstrip()
