"""The header of a patient's page: the patient in two lines, and the Record menu."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui.actions import Actions, follow
from gui.style import theme
from gui.widgets.card import button, grade_chip
from gui.widgets.flow import Flow
from gui.widgets.layout import column, row
from gui.widgets.one_line import OneLine
from gui.words import cycles_text, lower_words, who_grade_text, words
from model.dates import date_text
from model.derived.profile import Profile
from model.language import _
from model.records.administrations import Cumulative
from model.reference.activities import activity_text
from model.reference.nuclides import unit_for

RECORD_ACTIONS = (
    *("cycle.new", "cycle.again", "labs.new", "toxicity.new", "assessment.new", ""),
    *("biopsy.new", "therapy.new", "metastasis.new", "end.new", "followup.new", ""),
    *("note.new", "quality.new", ""),
    *("cycle.worksheet", "patient.summary", "patient.regrade"),
)
"""The actions of the Record menu; an empty text is a separator."""


class PatientHeader(QFrame):
    """Code and facts of the patient in the first line, the treatment so far in the second."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "header")
        self._person = Flow(gap=15, line_gap=0, dots=True)
        self._course = Flow(gap=22, line_gap=2, dots=True)
        self.record_button = button(_("Record…"))
        self.record_button.setMenu(self._record_menu(actions))
        self.cycle_button = button(_("New cycle"), "primary")
        follow(self.cycle_button, actions["cycle.new"])
        self.cycle_button.setToolTip("Ctrl+Shift+C")
        self.edit_button = self._edit_button(actions)
        buttons = (self.edit_button, self.record_button, self.cycle_button)
        upper = row((self._person, 1), *buttons, spacing=10)
        for each in buttons:
            upper.setAlignment(each, Qt.AlignmentFlag.AlignTop)
        column(upper, self._course, spacing=4, margins=(22, 12, 18, 10), of=self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_profile(self, profile: Profile) -> None:
        """Show the patient and the treatment so far."""
        # Codes of one study often begin with the same letters, so a long one is cut in the middle.
        middle = Qt.TextElideMode.ElideMiddle
        code = OneLine(text=profile.patient.code, kind="title", elide=middle)
        self._person.fill([code, *(OneLine(text=fact, kind="") for fact in self._facts(profile))])
        self._course.fill(self._course_facts(profile))
        self.setAccessibleName(self._accessible_name(profile))
        self.updateGeometry()

    def _facts(self, profile: Profile) -> list[str]:
        """Return the texts after the code."""
        person = ", ".join(filter(None, (profile.patient.sex, profile.age.long_text)))
        grade = profile.grade or ""
        if profile.first_grade and profile.first_grade != profile.grade:
            text = (
                _("{grade} ({first} at diagnosis)")
                if profile.is_graded_at_diagnosis
                else _("{grade} ({first} at first)")
            )
            grade = text.format(grade=grade, first=profile.first_grade.removeprefix("NET "))
        facts = (
            profile.name,
            person,
            words(profile.patient.primary_site),
            grade,
            f"Ki-67 {profile.ki67} %" if profile.ki67 else "",
        )
        return [fact for fact in facts if fact]

    def _course_facts(self, profile: Profile) -> list[QWidget]:
        """Return the widgets of the second line."""
        facts: list[QWidget] = [_text_label(self._metastases_text(profile))]
        if profile.ecog is not None:
            facts.append(_text_label(f"ECOG {profile.ecog}"))
        facts.append(_text_label(self._cycles_text(profile)))
        known = [each for each in profile.cumulative if each.mbq is not None]
        if known:
            activities = " + ".join(self._activity_html(each, each.mbq or 0.0) for each in known)
            facts.append(_html_label(_("cumulative {activities}").format(activities=activities)))
        unknown = [each.nuclide for each in profile.cumulative if each.mbq is None]
        if unknown:
            nuclides = ", ".join(unknown)
            facts.append(_text_label(_("{nuclides} activity unknown").format(nuclides=nuclides)))
        if profile.stated_response:
            text = _("best <b>{response}</b>").format(response=profile.stated_response)
            facts.append(_html_label(text))
        if profile.worst:
            worst = profile.worst
            chip = grade_chip(worst.grade, f"{worst.short_label} G{worst.grade}")
            chip.setToolTip(worst.term)
            facts.append(_text_with_widget(_("worst"), chip))
        status = _text_label(self._vital_status_text(profile))
        if profile.vital.status == "unknown" and profile.vital.last_on:
            text = _("Known to be alive on {date}, the day of the last dated record")
            status.setToolTip(text.format(date=date_text(profile.vital.last_on)))
        facts.append(status)
        return facts

    def _metastases_text(self, profile: Profile) -> str:
        if not profile.metastases:
            return _("no metastases recorded")
        sites = ", ".join(map(lower_words, profile.metastases))
        sites = sites[:1].upper() + sites[1:]
        if len(profile.metastases) >= 5:
            return sites
        return _("{sites} metastases").format(sites=sites)

    def _cycles_text(self, profile: Profile) -> str:
        number = len(profile.treatments)
        if not number:
            return _("not treated yet")
        return cycles_text(number, profile.modalities)

    def _activity_html(self, cumulative: Cumulative, mbq: float) -> str:
        """Return `12.2 MBq 225Ac` as HTML, after `at least` if a part is unknown."""
        activity, nuclide = activity_text(mbq, unit_for(cumulative.nuclide)), cumulative.nuclide
        text = (
            _("at least <b>{activity}</b> {nuclide}")
            if cumulative.at_least
            else "<b>{activity}</b> {nuclide}"
        )
        return text.format(activity=activity, nuclide=escape(nuclide))

    def _vital_status_text(self, profile: Profile) -> str:
        texts = {"dead": _("died {date}"), "alive": _("alive on {date}")}
        text = texts.get(profile.vital.status or "", _("vital status not recorded"))
        return text.format(date=date_text(profile.vital.last_on))

    def _accessible_name(self, profile: Profile) -> str:
        grade = who_grade_text(profile.first_grade, profile.grade)
        return ", ".join(filter(None, (profile.patient.code, *self._facts(profile), grade)))

    def _record_menu(self, actions: Actions) -> QMenu:
        menu = QMenu(self)
        for action_id in RECORD_ACTIONS:
            if action_id:
                menu.addAction(actions[action_id])
            else:
                menu.addSeparator()
        return menu

    def _edit_button(self, actions: Actions) -> QPushButton:
        edit_button = button(_("Edit"), "quiet")
        edit_button.setToolTip("Ctrl+Shift+P")
        edit_button.setAccessibleName(_("Edit patient"))
        follow(edit_button, actions["patient.edit"])
        return edit_button


def _text_label(text: str, kind: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    theme.set_kind(label, kind)
    return label


def _html_label(text: str) -> QLabel:
    label = _text_label("")
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setText(text)
    return label


def _text_with_widget(text: str, widget: QWidget) -> QWidget:
    container = QWidget()
    row(_text_label(text), widget, spacing=6, of=container)
    return container
