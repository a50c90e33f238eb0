"""The base of the forms that edit saved records, which may change while the form is open."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence
from typing import ClassVar, Generic, TypeVar

from PySide6.QtWidgets import QDialog

from gui.forms.conflicts.dialog import Answer, ConflictDialog
from gui.forms.conflicts.versions import Versions
from gui.forms.form import Form
from gui.session.session import Session
from gui.widgets.changed_meanwhile import change_text
from model.errors import EditConflict
from model.language import _
from model.records.bin import restoring
from model.store.rows import Record
from model.store.step import Step

T = TypeVar("T")
S = TypeVar("S")


class EditingForm(Form[T], Generic[T]):
    """A form that writes only over what it was opened on.

    It saves by `take_step`, and says by `versions` and `take_over` how a record that was changed
    meanwhile is shown and taken into its fields. The user decides in a ConflictDialog.
    """

    session: Session
    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Fields that mean something only together, and are therefore decided together."""
    _restored: tuple[tuple[str, int], ...] = ()
    """The records, by table and id, that are moved out of the bin when this form is saved."""

    @abstractmethod
    def opened_records(self) -> Sequence[Record]:
        """Return the records that this form was opened on, or were shown in a conflict since."""

    @abstractmethod
    def versions(self, conflict: EditConflict) -> list[Versions]:
        """Return the fields of this form in which the saved record and the typed one differ."""

    @abstractmethod
    def take_over(self, conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the record that is saved now: show its values in the fields of these names."""

    def subject(self, _conflict: EditConflict) -> str:
        """Return what the conflict is about, where the form edits several records."""
        return ""

    def restore(self, conflict: EditConflict) -> None:
        """Move a record that was deleted meanwhile out of the bin when this form is saved."""
        self._restored += ((conflict.table, conflict.present["id"]),)

    def take_step(self, label: str, work: Callable[[Step], S]) -> S:
        """Take the step of saving; raises EditConflict when an opened record was changed since."""

        def restore_first(step: Step) -> S:
            if self._restored:
                restoring.restore_rows(step, self._restored)
            return work(step)

        return self.session.do(label, restore_first, opened=self.opened_records())

    def resolve(self, conflict: EditConflict) -> None:
        """Let the user decide, then save again, close the form, or leave it as it is."""
        is_of_other = conflict.table == "patient" and not self._edits("patient")
        fields = [] if is_of_other else self.versions(conflict)
        if conflict.was_deleted or any(each.saved for each in fields):
            answer, names = self._ask(conflict, fields)
        else:  # nothing that this form shows
            answer, names = Answer.SAVE, set[str]()
        if answer is Answer.DISCARD:
            QDialog.reject(self)
            self.session.announce_elsewhere(conflict)
        if answer is not Answer.SAVE:
            return
        if conflict.was_deleted:
            self.restore(conflict)
        if not is_of_other:
            self.take_over(conflict, names)
        self.forget_untouched()
        self.accept()

    def _edits(self, table: str) -> bool:
        return table in {each.TABLE for each in self.opened_records()}

    def _ask(
        self, conflict: EditConflict, fields: list[Versions]
    ) -> tuple[Answer, Collection[str]]:
        heading = _("This record was changed while you edited it")
        if conflict.was_deleted:
            heading = _("This record was deleted while you edited it")
            if conflict.table == "patient" and not self._edits("patient"):
                heading = _("The patient was deleted while you edited this record")
        differing = fields if any(each.saved for each in fields) else []
        dialog = ConflictDialog(
            self,
            heading,
            self._detail(conflict, bool(differing)),
            differing,
            was_deleted=conflict.was_deleted,
        )
        return dialog.ask(), dialog.names_taken()

    def _detail(self, conflict: EditConflict, is_choice: bool) -> str:
        """Return what was changed, by whom and when, and what to do."""
        texts = (
            self.subject(conflict),
            change_text(self.session.casebook, conflict),
            _("Nothing of yours was saved yet."),
            _("Choose for each field what is to be saved.") if is_choice else "",
        )
        return " ".join(filter(None, texts))
