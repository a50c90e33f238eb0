"""Head and foot of the patient summary: the patient, and what kind of document it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from gui.reports.printing import DEVICE_TEXT
from gui.reports.summary_tables import cumulative_texts
from gui.reports.text_writer import BOLD, TextWriter
from gui.style.theme import LIGHT
from gui.words import SYNTHETIC_TEXT, cycles_text, lower_words, words
from model.dates import date_text
from model.documents.summary import Summary
from model.language import _
from model.version import version

FOOT = 31.0
_CODE, _NAME, _FACTS, _SMALL = 16.0, 12.0, 9.0, 7.0
_SEPARATOR = "  ·  "
_RIGHT = Qt.AlignmentFlag.AlignRight


class SummaryHead:
    """The head of a page, which is laid out when it is created."""

    def __init__(self, writer: TextWriter, summary: Summary, width: float) -> None:
        self._writer = writer
        self._summary = summary
        self._mark = SYNTHETIC_TEXT if summary.synthetic else ""
        self._title = _("Patient summary")
        self._title_width = max(
            writer.width(self._title, _FACTS), writer.width(self._mark, _FACTS, BOLD) + 12
        )
        self._room = width - self._title_width - 14
        name = summary.profile.name
        rest = self._room - writer.width(summary.code, _CODE, BOLD) - 10
        self._is_name_on_first_line = bool(name) and writer.width(name, _NAME) <= rest
        self._name_lines = writer.wrap(name, self._room, _NAME, 2) if name else []
        self._facts = [
            *writer.wrap_names(self._person_facts(), _SEPARATOR, self._room, _FACTS, 2),
            *writer.wrap_names(self._course_facts(), _SEPARATOR, width, _FACTS, 3),
        ]

    @property
    def height(self) -> float:
        """The height in points."""
        name_lines = 0 if self._is_name_on_first_line else len(self._name_lines)
        return 22 + name_lines * 15 + len(self._facts) * 12.5 + 6

    def draw(self, rect: QRectF) -> None:
        """Draw the head at the top of a rectangle."""
        writer, left, y = self._writer, rect.left(), rect.top()
        line = QRectF(left, y, self._room, 20)
        code_width = writer.write(line, self._summary.code, _CODE, weight=BOLD)
        self._draw_title(QRectF(rect.right() - self._title_width, y, self._title_width, 20))
        if self._is_name_on_first_line:
            rest = line.adjusted(code_width + 10, 1.5, 0, 1.5)
            writer.write(rest, self._name_lines[0], _NAME)
        y += 22
        for name in [] if self._is_name_on_first_line else self._name_lines:
            writer.write(QRectF(left, y, self._room, 14), name, _NAME)
            y += 15
        for row in self._facts:
            writer.write(QRectF(left, y, rect.width(), 12), row, _FACTS)
            y += 12.5
        writer.rule(left, rect.right(), y + 2)

    def _draw_title(self, rect: QRectF) -> None:
        upper = QRectF(rect.left(), rect.top(), rect.width(), 11)
        self._writer.write(upper, self._title, _FACTS, colour=LIGHT.ink_soft, align=_RIGHT)
        if not self._mark:
            return
        mark = QRectF(rect.left(), rect.top() + 13, rect.width(), 13)
        self._writer.painter.setPen(QPen(QColor(LIGHT.warn), 0.7))
        self._writer.painter.setBrush(QColor(LIGHT.warn_fill))
        self._writer.painter.drawRoundedRect(mark, 2.5, 2.5)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._writer.write(mark, self._mark, _FACTS, weight=BOLD, colour=LIGHT.warn, align=centre)

    def _person_facts(self) -> list[str]:
        summary, profile = self._summary, self._summary.profile
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
            ", ".join(filter(None, (profile.patient.sex, summary.age))),
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

    def _course_facts(self) -> list[str]:
        summary, profile = self._summary, self._summary.profile
        sites = ", ".join(map(lower_words, profile.metastases))
        sums = ", ".join(cumulative_texts(summary))
        best = profile.stated_response
        facts = (
            _("Metastases: {sites}").format(sites=sites) if sites else _("No metastases recorded"),
            f"ECOG {profile.ecog}" if profile.ecog is not None else "",
            self._cycles_text(),
            _("cumulative activity: {activities}").format(activities=sums) if sums else "",
            _("best response {response}").format(response=best) if best else "",
            self._vital_status_text(),
        )
        return [fact for fact in facts if fact]

    def _cycles_text(self) -> str:
        profile = self._summary.profile
        number = len(profile.treatments)
        if not number:
            return _("Not treated yet")
        return cycles_text(number, profile.modalities)

    def _vital_status_text(self) -> str:
        vital = self._summary.profile.vital
        when = self._summary.calendar.text(vital.last_on)
        match vital.status:
            case "dead":
                return _("died {when}").format(when=when)
            case "alive":
                return _("alive on {when}").format(when=when)
        return _("vital status not recorded")


def draw_foot(writer: TextWriter, summary: Summary, rect: QRectF) -> None:
    """Draw the origin of the page, how it identifies the patient, and what the program is."""
    left, right, y = rect.left(), rect.right(), rect.top()
    writer.rule(left, right, y)
    origin = [
        _("Casebook {name}").format(name=summary.casebook) if summary.casebook else "",
        _("printed {date}").format(date=date_text(summary.printed_on)),
        f"CTCAE {summary.course.version}",
        f"Theralog {version()}",
        _("page 1 of 1"),
    ]
    identification = _identification_text(summary)
    width = writer.width(identification, _SMALL, BOLD)
    tone = LIGHT.alert if summary.identified else LIGHT.good
    room = QRectF(right - width, y + 4, width, 10)
    writer.write(room, identification, _SMALL, weight=BOLD, colour=tone, align=_RIGHT)
    room = QRectF(left, y + 4, rect.width() - width - 12, 10)
    writer.write(room, _SEPARATOR.join(filter(None, origin)), _SMALL, colour=LIGHT.ink_soft)
    below = QRectF(left, y + 14, rect.width(), 10)
    writer.write(below, DEVICE_TEXT, _SMALL, colour=LIGHT.ink_soft)


def _identification_text(summary: Summary) -> str:
    if not summary.identified:
        return _("Pseudonymised: a code used on this page only, no names, dates or free text")
    if summary.profile.name:
        return _("Identified: contains the patient’s name")
    if summary.profile.identity:
        return _("Identified: contains the patient’s date of birth or record number")
    return _("Identified: contains the study code and dates")
