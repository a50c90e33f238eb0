"""The form of a toxicity: a CTCAE term, a grade that exists for it, and its course."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from gui.fields.choice import ChoiceField
from gui.fields.dates import PartialDateField
from gui.fields.grade import GradeField
from gui.fields.search import SearchField
from gui.fields.text import MultilineField, TextField
from gui.forms.record_form import RecordForm, Suggestion, cycle_text
from gui.session import wording_store
from gui.session.session import Session
from model.ctcae import terms
from model.ctcae.criterion_text import criterion_text
from model.ctcae.term_search import search_terms
from model.ctcae.terms import VERSIONS, Term
from model.ctcae.wording import GENERAL, OWN, GradeText, grade_text
from model.language import N_, _
from model.records import cycles, patients, toxicities
from model.records.toxicities import ATTRIBUTIONS, OUTCOMES, PHASES, Toxicity

ROWS_FOUND = 30


class ToxicityForm(RecordForm[Toxicity]):
    """One event at one grade.

    Only grades that the term has in the chosen version are offered; each is described in NCI's
    words if they were loaded, otherwise by its numbers or in Theralog's own words. Phase and cycle
    are suggested by the onset until they are chosen.
    """

    KIND = Toxicity
    TITLES = (_("New toxicity"), _("Edit toxicity"))
    STEPS = (N_("Add toxicity"), N_("Edit toxicity"))
    SAVE = staticmethod(toxicities.save)
    TOGETHER = (("ctcae_version", "term", "grade"),)

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        toxicity: Toxicity | None = None,
        *,
        begun: Toxicity | None = None,
    ) -> None:
        """A form for a toxicity, or for a new one, which may start from `begun`."""
        treatments = cycles.of_patient(session.casebook, patient_id)
        self._cycle_ids = {each.cycle.number: each.cycle.id for each in treatments}
        super().__init__(parent, session, patient_id, toxicity, begun=begun)
        self._offer_grades()
        by_onset = _("Suggested by the onset.")
        self._phase = Suggestion(self.phase, by_onset, chosen=bool(toxicity and toxicity.phase))
        self._cycle = Suggestion(self.cycle, by_onset, chosen=bool(toxicity and toxicity.cycle_id))
        self.term.changed.connect(self._offer_grades)
        self.term.taken.connect(self._go_to_grade)
        self.version.changed.connect(self._follow_version)
        self.onset.changed.connect(self._suggest)

    def add_rows(self) -> None:
        """Add the event, its course, then how it is judged."""
        self._add_event_rows()
        self._add_course_rows()
        self._add_judgement_rows()

    def first_values(self) -> dict[str, Any]:
        """Return the CTCAE version of the patient, or that of the casebook."""
        return {"ctcae_version": patients.ctcae_version(self.patient, self.session.casebook)}

    def _add_event_rows(self) -> None:
        rows = self.add_section()
        search = SearchField(
            self._find, required=True, placeholder=_("Any word, such as low platelets")
        )
        self.term = self.add_row("term", _("&Term"), search)
        self.grade = self.add_row("grade", _("&Grade"), GradeField(required=True))
        self._grade_label = _label_of(rows, self.grade)
        self.version = self.add_row(
            "ctcae_version",
            _("CTCAE &version"),
            ChoiceField([(version, version) for version in VERSIONS], required=True),
        )
        reported = TextField(placeholder=_("In the words of the report"))
        self.add_row("verbatim", _("Ver&batim"), reported)

    def _add_course_rows(self) -> None:
        self.add_section(_("Course"))
        onset = PartialDateField(today=self.today, cycle_dates=self.cycle_dates, calendar=True)
        self.onset = self.add_row("onset_on", _("&Onset"), onset)
        self.add_row("resolved_on", _("&Resolved"), self.date_field())
        self.add_row("outcome", _("O&utcome"), self.closed_field(OUTCOMES))
        self.phase = self.add_row("phase", _("&Phase"), self.closed_field(PHASES))
        days = [
            (self._cycle_ids[number] or 0, cycle_text(number, day))
            for number, day in self.life.cycles
        ]
        self.cycle = self.add_row("cycle_id", _("C&ycle"), ChoiceField(days))

    def _add_judgement_rows(self) -> None:
        self.add_section(_("Judgement"))
        self.add_row("attribution", _("&Attribution"), self.closed_field(ATTRIBUTIONS))
        answers = [(True, _("Yes")), (False, _("No"))]
        emergent = ChoiceField(answers, blank=_("Not stated"))
        self.add_row("treatment_emergent", _("Treatment-&emergent"), emergent)
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

    def _find(self, text: str) -> list[tuple[str, str, str]]:
        version = self.version.value()
        if version is None:
            return []
        return [
            (term.name, term.soc, term.name) for term in search_terms(version, text, ROWS_FOUND)
        ]

    @Slot()
    def _offer_grades(self) -> None:
        """Offer the grades of the chosen term; none without one."""
        name = self.term.chosen()
        version = self.version.value()
        term = terms.find_term(version, name) if version and name else None

        texts = _texts(term) if term else {}
        self.grade.set_grades(tuple(texts), lambda grade: texts[grade].text)
        self._grade_label.setBuddy(self.grade.input())
        self.term.show_hint(term.soc if term else "")
        sources = dict.fromkeys(_source_text(text.source) for text in texts.values())
        self.grade.show_hint(" ".join(sources) or _("The grades depend on the term."))

    @Slot()
    def _go_to_grade(self) -> None:
        """Focus the grade after the term: three letters, Enter and a figure are enough."""
        self.grade.input().setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _follow_version(self) -> None:
        """Look the term up in the version; without it there are no grades."""
        text = self.term.edit.text().strip()
        version = self.version.value()
        if version is None or not text:
            self._offer_grades()
            return
        term = terms.find_term(version, text)
        self.term.set_found(term.name if term else text, term.name if term else None)
        if term is None:
            sentence = _("CTCAE {version} has no term “{term}”. Search for another.")
            self.term.show_problem(sentence.format(version=version, term=text))

    @Slot()
    def _suggest(self) -> None:
        onset_on = self.onset.readable()
        phase = toxicities.suggested_phase(onset_on, self.life) if onset_on else None
        number = toxicities.suggested_cycle(onset_on, self.life) if onset_on else None
        self._phase.show(phase)
        self._cycle.show(self._cycle_ids.get(number) if number else None)


def _source_text(source: str) -> str:
    """Return whose words describe a grade."""
    if source == OWN:
        return _("Numbers of CTCAE and Theralog's own words.")
    if source == GENERAL:
        return _("General scale, in Theralog's own words.")
    return _("Wording: {source}.").format(source=source)


def _texts(term: Term) -> dict[int, GradeText]:
    """Return what each grade of a term means, in the best wording available."""
    official = wording_store.wording_to_show(term.version)
    return {
        grade: grade_text(
            term.version,
            term.name,
            grade,
            official,
            criterion_text(term.version, term.name, grade),
        )
        for grade in term.grades
    }


def _label_of(rows: QFormLayout, field: QWidget) -> QLabel:
    label = rows.labelForField(field)
    if not isinstance(label, QLabel):
        raise TypeError(f"{field} has no label.")
    return label
