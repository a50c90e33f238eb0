"""The Notes tab: free text, and what the patient said of the quality of life."""

from __future__ import annotations

from operator import attrgetter

from PySide6.QtWidgets import QWidget

from gui.pages.patient.record_card import Kind
from gui.pages.patient.record_forms import ask_note, ask_quality_of_life
from gui.pages.patient.tab import Tab
from gui.session.session import Session
from gui.widgets.row_table import RIGHT, Column
from gui.words import number_text
from model.dates import shown
from model.language import _
from model.records import notes
from model.records.notes import Note, QualityOfLife
from model.store import rows as records


class NotesPage(Tab):
    """A patient's notes, newest first, and statements on quality of life, oldest first."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        written, stated = self.card(self._notes()), self.card(self._quality_of_life())
        self.fill((written, 3), (stated, 2))

    def _notes(self) -> Kind[Note]:
        return Kind(
            title=_("Notes"),
            add_text=_("New note…"),
            empty=_("No notes yet. Write the first with Ctrl+Shift+O."),
            delete_label=_("Delete note"),
            columns=(
                Column(_("Date"), lambda each: shown(each.written_on), attrgetter("written_on")),
                Column(
                    _("Text"),
                    lambda each: " ".join(each.text.split()),
                    tip=attrgetter("text"),
                    stretch=True,
                ),
            ),
            of_patient=notes.of_patient,
            ask_form=ask_note,
            remove=records.remove,
            told=lambda each: _("The note of %s") % shown(each.written_on),
        )

    def _quality_of_life(self) -> Kind[QualityOfLife]:
        return Kind(
            title=_("Quality of life"),
            add_text=_("New statement…"),
            empty=_(
                "Nothing is recorded of the quality of life.\n"
                "Press Insert or New statement… to add the first statement."
            ),
            delete_label=_("Delete quality of life"),
            columns=(
                Column(_("Date"), lambda each: shown(each.stated_on), attrgetter("stated_on")),
                Column(
                    _("Statement"),
                    lambda each: " ".join((each.statement or "").split()),
                    tip=lambda each: each.statement or "",
                    stretch=True,
                ),
                Column(_("Instrument"), lambda each: each.instrument or "", optional=True),
                Column(
                    _("Score"),
                    lambda each: number_text(each.score),
                    attrgetter("score"),
                    align=RIGHT,
                    optional=True,
                ),
            ),
            of_patient=notes.quality_of_life_of,
            ask_form=ask_quality_of_life,
            remove=records.remove,
            told=lambda each: _("The statement of %s") % shown(each.stated_on),
        )
