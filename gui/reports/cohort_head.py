"""Head and foot of the report's pages: whom it is about, up to when, and what made it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from gui.reports import cohort_words
from gui.reports.cohort_flow import Block, Slip
from gui.reports.ink import BOLD, Ink
from gui.reports.printing import DEVICE_TEXT
from gui.style.theme import LIGHT
from gui.words import SYNTHETIC_TEXT, count_text
from model.cohort.cohort_report import CohortReport
from model.dates import shown

TITLE = "Cohort report"
HEAD = 22.0
"""Points of the strip over every page."""
FOOT = 31.0
"""Points of the strip under every page."""

_NAME, _FACTS, _SMALL = 16.0, 9.0, 7.0
_DOT = "  ·  "
_RIGHT = Qt.AlignmentFlag.AlignRight


def opening(ink: Ink, report: CohortReport, width: float) -> Block:
    """What stands over everything on the first page: who is selected, up to when, and versions."""

    def name(place: QRectF) -> None:
        ink.write(QRectF(place.left(), place.top(), width, 18), TITLE, _NAME, weight=BOLD)

    rows = [Slip(25.0, name)]
    for text in _facts(report):
        rows += cohort_words.lines(ink, text, width, _FACTS)
    rows.append(cohort_words.gap(4.0))
    small = cohort_words.TEXT_POINTS
    rows += cohort_words.lines(ink, report.options.sentence(), width, small, colour=LIGHT.ink_soft)
    for text in (*report.left_out, *_cautions(report)):
        rows += [cohort_words.gap(4.0)]
        rows += cohort_words.lines(ink, text, width, small, colour=LIGHT.warn)
    return Block(rows=tuple(rows))


def draw_head(ink: Ink, report: CohortReport, place: QRectF, number: int) -> None:
    """Draw the strip over a page: the title from the second on, and the mark of invented data."""
    said = [TITLE, report.casebook] if number > 1 else [report.casebook]
    words = _DOT.join(filter(None, said))
    mark = SYNTHETIC_TEXT if report.synthetic else ""
    wide = ink.width(mark, _FACTS, BOLD) + 12 if mark else 0.0
    line = QRectF(place.left(), place.top(), place.width() - wide - 12, 13)
    ink.write(line, words, _SMALL + 0.5, colour=LIGHT.ink_soft)
    if mark:
        room = QRectF(place.right() - wide, place.top(), wide, 13)
        ink.painter.setPen(QPen(QColor(LIGHT.warn), 0.7))
        ink.painter.setBrush(QColor(LIGHT.warn_fill))
        ink.painter.drawRoundedRect(room, 2.5, 2.5)
        centre = Qt.AlignmentFlag.AlignHCenter
        ink.write(room, mark, _FACTS, weight=BOLD, colour=LIGHT.warn, align=centre)


def draw_foot(ink: Ink, report: CohortReport, place: QRectF, number: int, pages: int) -> None:
    """Draw the strip under a page: cut-off, versions, page number, and what the program is."""
    left, right, y = place.left(), place.right(), place.top()
    ink.rule(left, right, y)
    cut_off = report.selection.cut_off
    said = (
        f"data cut-off {shown(cut_off)}" if cut_off else "no data cut-off",
        f"printed {shown(report.printed_on)}",
        _ctcae(report),
        f"Theralog {report.version}",
    )
    page = f"page {number} of {pages}"
    wide = ink.width(page, _SMALL, BOLD)
    ink.write(QRectF(right - wide, y + 4, wide, 10), page, _SMALL, weight=BOLD, align=_RIGHT)
    room = QRectF(left, y + 4, place.width() - wide - 12, 10)
    ink.write(room, _DOT.join(filter(None, said)), _SMALL, colour=LIGHT.ink_soft)
    below = QRectF(left, y + 14, place.width(), 10)
    ink.write(below, DEVICE_TEXT, _SMALL, colour=LIGHT.ink_soft)


def _facts(report: CohortReport) -> list[str]:
    name = f"“{report.selection.name}”: " if report.selection.name else ""
    patients = count_text(report.patients, "patient", "patients")
    return [
        f"{name}{report.selection.sentence()}.",
        _DOT.join(filter(None, (patients, _ctcae(report), f"Theralog {report.version}"))),
    ]


def _cautions(report: CohortReport) -> list[str]:
    if len(report.ctcae) < 2:
        return []
    return ["Toxicities are graded in two versions of CTCAE, whose grades do not mean the same."]


def _ctcae(report: CohortReport) -> str:
    return f"CTCAE {' and '.join(report.ctcae)}" if report.ctcae else ""
