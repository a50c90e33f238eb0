"""Compute the report of a cohort: its tables, its paragraph and the data of its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from model.cohort.options import Options, Phase
from model.cohort.selection import Selection, at_cut_off
from model.language import _
from model.store.reader import Reader
from model.store.settings import SYNTHETIC
from model.version import version

if TYPE_CHECKING:
    from model.cohort.figures.ki67 import Ki67
    from model.cohort.figures.spaghetti import Spaghetti
    from model.cohort.figures.swimmer import Swimmer
    from model.cohort.figures.toxicity_bars import ToxicityBars
    from model.cohort.figures.waterfall import Waterfall
    from model.cohort.frames import Frames
    from model.cohort.paragraph.abstract import Paragraph
    from model.cohort.sheet import Sheet
    from model.cohort.survival import Survival

ANALYTES = ("hb", "wbc", "anc", "plt", "crea")
"""The analytes whose courses are drawn, if there are results."""

MOST_LANES = 150
"""The most patients whose courses are drawn individually: more would not be legible."""

Progress = Callable[[int, int, str], object]
"""A function of the number of parts done, the number of all parts, and the current step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortReport:
    """The content of the report. `casebook` is the casebook's name, or empty to leave it out."""

    casebook: str
    synthetic: bool
    printed_on: date
    version: str
    ctcae: tuple[str, ...]
    selection: Selection
    options: Options
    patients: int
    sheets: tuple[Sheet, ...]
    paragraph: Paragraph
    overall: Survival
    progression_free: Survival
    swimmer: Swimmer
    waterfall: Waterfall
    toxicity: tuple[ToxicityBars, ...]
    ki67: Ki67
    spaghetti: tuple[Spaghetti, ...]
    left_out: tuple[str, ...] = ()
    """Sentences on what is not drawn, and why."""


def compute_report(
    reader: Reader,
    selection: Selection,
    options: Options,
    today: date,
    *,
    casebook: str = "",
    with_codes: bool = True,
    progress: Progress = lambda _done, _total, _doing: None,
) -> CohortReport:
    """Return the report of a selection; this takes seconds if there are many results.

    Without codes, the figures number the patients by the length of their follow-up. `progress` may
    raise an exception to stop. Raises KnownError for a template that cannot be filled in.
    """
    # Imported here, as pandas and scipy take a second to load.
    from model.cohort import frames, selecting, sheet
    from model.cohort.figures import toxicity_bars
    from model.cohort.figures.ki67 import ki67
    from model.cohort.figures.spaghetti import spaghetti
    from model.cohort.figures.swimmer import swimmer
    from model.cohort.figures.waterfall import waterfall
    from model.cohort.paragraph import abstract
    from model.cohort.survival import estimate_survival
    from model.cohort.tables import count_tables

    progress(0, 4, _("Reading"))
    chosen = selecting.apply_selection(frames.load(reader), selection)
    selection = at_cut_off(selection, chosen.cut_off)
    progress(1, 4, _("Counting"))
    cohort_tables = count_tables(chosen, selection, options)
    progress(2, 4, _("Preparing the figures"))
    labelled = chosen if with_codes else _numbered(chosen)
    too_many = len(chosen.patients) > MOST_LANES
    none = replace(labelled, patients=labelled.patients.iloc[:0])
    drawn_frames = none if too_many else labelled
    courses = () if too_many else ANALYTES
    strands = tuple(spaghetti(chosen, analyte) for analyte in courses)
    progress(3, 4, _("Writing the paragraph"))
    rows = reader.rows("select value from setting where name = :name", name=SYNTHETIC)
    return CohortReport(
        casebook=casebook,
        synthetic=bool(rows) and rows[0]["value"] == "yes",
        printed_on=today,
        version=version(),
        ctcae=abstract.versions_of(chosen),
        selection=selection,
        options=options,
        patients=len(chosen.patients),
        sheets=tuple(sheet.lay_out(table) for table in cohort_tables),
        paragraph=abstract.of_casebook(reader, chosen, cohort_tables, selection, options),
        overall=estimate_survival(chosen, "OS"),
        progression_free=estimate_survival(chosen, "PFS"),
        swimmer=swimmer(drawn_frames),
        waterfall=waterfall(drawn_frames),
        toxicity=tuple(
            toxicity_bars.toxicity_bars(chosen, phase.recorded, options)
            for phase in Phase
            if options.has(phase)
        ),
        ki67=ki67(drawn_frames),
        spaghetti=tuple(figure for figure in strands if figure.strands),
        left_out=_left_out(len(chosen.patients)) if too_many else (),
    )


def _numbered(frames: Frames) -> Frames:
    """Return the frames with numbers for study codes: `Patient 1` was followed longest."""
    from model.cohort.figures.swimmer import swimmer

    longest_first = [lane.patient_id for lane in swimmer(frames).lanes]
    others = [key for key in frames.patients.index if key not in set(longest_first)]
    numbers = {
        patient_id: _("Patient {number}").format(number=number)
        for number, patient_id in enumerate([*longest_first, *others], 1)
    }
    codes = [numbers[patient_id] for patient_id in frames.patients.index]
    return replace(frames, patients=frames.patients.assign(code=codes))


def _left_out(patients: int) -> tuple[str, ...]:
    return (
        _(
            "The courses of individual patients are not drawn: the selection has {patients}"
            " patients, and up to {most} are legible on paper."
        ).format(patients=patients, most=MOST_LANES),
    )
