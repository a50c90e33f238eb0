"""Head and foot of the patient summary: whom it is about, and what kind of document it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from gui.reports.ink import BOLD, Ink
from gui.reports.printing import DEVICE_TEXT
from gui.reports.summary_tables import cumulative
from gui.style.theme import LIGHT
from gui.words import SYNTHETIC_TEXT, cycles_text, lower_words, words
from model.dates import date_text
from model.documents.summary import Summary
from model.language import _
from model.version import version

FOOT = 31.0
_CODE, _NAME, _FACTS, _SMALL = 16.0, 12.0, 9.0, 7.0
_DOT = "  ·  "
_RIGHT = Qt.AlignmentFlag.AlignRight


class SummaryHead:
    """The head of one page, laid out when it is created."""

    def __init__(self, ink: Ink, report: Summary, width: float) -> None:
        self._ink = ink
        self._report = report
        self._mark = SYNTHETIC_TEXT if report.synthetic else ""
        self._title = _("Patient summary")
        self._side = max(ink.width(self._title, _FACTS), ink.width(self._mark, _FACTS, BOLD) + 12)
        self._room = width - self._side - 14
        names = report.profile.name
        rest = self._room - ink.width(report.code, _CODE, BOLD) - 10
        self._is_on_first_line = bool(names) and ink.width(names, _NAME) <= rest
        self._names = ink.lines(names, self._room, _NAME, 2) if names else []
        self._facts = [
            *ink.listed(self._who(), _DOT, self._room, _FACTS, 2),
            *ink.listed(self._course(), _DOT, width, _FACTS, 3),
        ]

    @property
    def height(self) -> float:
        """The height in points."""
        names = 0 if self._is_on_first_line else len(self._names)
        return 22 + names * 15 + len(self._facts) * 12.5 + 6

    def draw(self, place: QRectF) -> None:
        """Draw the head at the top of a place."""
        ink, left, y = self._ink, place.left(), place.top()
        line = QRectF(left, y, self._room, 20)
        used = ink.write(line, self._report.code, _CODE, weight=BOLD)
        self._draw_side(QRectF(place.right() - self._side, y, self._side, 20))
        if self._is_on_first_line:
            rest = line.adjusted(used + 10, 1.5, 0, 1.5)
            ink.write(rest, self._names[0], _NAME)
        y += 22
        for name in [] if self._is_on_first_line else self._names:
            ink.write(QRectF(left, y, self._room, 14), name, _NAME)
            y += 15
        for row in self._facts:
            ink.write(QRectF(left, y, place.width(), 12), row, _FACTS)
            y += 12.5
        ink.rule(left, place.right(), y + 2)

    def _draw_side(self, place: QRectF) -> None:
        upper = QRectF(place.left(), place.top(), place.width(), 11)
        self._ink.write(upper, self._title, _FACTS, colour=LIGHT.ink_soft, align=_RIGHT)
        if not self._mark:
            return
        mark = QRectF(place.left(), place.top() + 13, place.width(), 13)
        self._ink.painter.setPen(QPen(QColor(LIGHT.warn), 0.7))
        self._ink.painter.setBrush(QColor(LIGHT.warn_fill))
        self._ink.painter.drawRoundedRect(mark, 2.5, 2.5)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._ink.write(mark, self._mark, _FACTS, weight=BOLD, colour=LIGHT.warn, align=centre)

    def _who(self) -> list[str]:
        report, profile = self._report, self._report.profile
        identity = profile.identity
        grade = profile.grade or ""
        if profile.first_grade and profile.first_grade != grade:
            change = (
                _("{first} at diagnosis → {latest}")
                if profile.is_graded_at_diagnosis
                else _("{first} at first → {latest}")
            )
            grade = change.format(first=profile.first_grade, latest=grade)
        facts = (
            ", ".join(filter(None, (profile.patient.sex, report.age))),
            _("born {date}").format(date=date_text(identity.born_on))
            if identity and identity.born_on
            else "",
            _("record number {number}").format(number=identity.record_number)
            if identity and identity.record_number
            else "",
            words(profile.patient.primary_site),
            grade,
            f"Ki-67 {profile.ki67} %" if profile.ki67 else "",
        )
        return [fact for fact in facts if fact] or [_("No patient details recorded")]

    def _course(self) -> list[str]:
        report, profile = self._report, self._report.profile
        sites = ", ".join(map(lower_words, profile.metastases))
        summed = ", ".join(cumulative(report))
        best = profile.stated_response
        facts = (
            _("Metastases: {sites}").format(sites=sites) if sites else _("No metastases recorded"),
            f"ECOG {profile.ecog}" if profile.ecog is not None else "",
            self._given(),
            _("cumulative activity: {activities}").format(activities=summed) if summed else "",
            _("best response {response}").format(response=best) if best else "",
            self._vital(),
        )
        return [fact for fact in facts if fact]

    def _given(self) -> str:
        profile = self._report.profile
        number = len(profile.treatments)
        if not number:
            return _("Not treated yet")
        return cycles_text(number, profile.modalities)

    def _vital(self) -> str:
        vital = self._report.profile.vital
        when = self._report.calendar.text(vital.last_on)
        match vital.status:
            case "dead":
                return _("died {when}").format(when=when)
            case "alive":
                return _("alive on {when}").format(when=when)
        return _("vital status not recorded")


def draw_foot(ink: Ink, report: Summary, place: QRectF) -> None:
    """Draw the origin of the page, whether it names the patient, and what the program is."""
    left, right, y = place.left(), place.right(), place.top()
    ink.rule(left, right, y)
    origin = [
        _("Casebook {name}").format(name=report.casebook) if report.casebook else "",
        _("printed {date}").format(date=date_text(report.printed_on)),
        f"CTCAE {report.course.version}",
        f"Theralog {version()}",
        _("page 1 of 1"),
    ]
    kind = _kind(report)
    width = ink.width(kind, _SMALL, BOLD)
    tone = LIGHT.alert if report.identified else LIGHT.good
    room = QRectF(right - width, y + 4, width, 10)
    ink.write(room, kind, _SMALL, weight=BOLD, colour=tone, align=_RIGHT)
    room = QRectF(left, y + 4, place.width() - width - 12, 10)
    ink.write(room, _DOT.join(filter(None, origin)), _SMALL, colour=LIGHT.ink_soft)
    below = QRectF(left, y + 14, place.width(), 10)
    ink.write(below, DEVICE_TEXT, _SMALL, colour=LIGHT.ink_soft)


def _kind(report: Summary) -> str:
    if not report.identified:
        return _("Pseudonymised: a code used on this page only, no names, dates or free text")
    if report.profile.name:
        return _("Identified: contains the patient’s name")
    if report.profile.identity:
        return _("Identified: contains the patient’s date of birth or record number")
    return _("Identified: contains the study code and dates")
