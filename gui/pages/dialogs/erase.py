"""The form that asks whether to erase a patient for good, and the report of what was erased."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.fields.text import TextField
from gui.forms.form import Form
from gui.style import theme
from gui.widgets import messages
from model.errors import InvalidRecord
from model.language import _, ngettext
from model.store.erasing import Erased


class EraseForm(Form[str]):
    """`EraseForm.ask(parent, code)` returns the reason, once the code was typed again."""

    def __init__(self, parent: QWidget | None, code: str) -> None:
        title = _("Erase patient {code}").format(code=code)
        super().__init__(parent, title, save_text=_("&Erase for good"))
        self._patient_code = code
        theme.set_kind(self.save_button, "danger")
        self.add_section()
        self.add_text(
            _(
                "All records, pictures and what the journal has of them are erased, and the file is"
                " written anew. This cannot be undone. The journal keeps that a patient was erased,"
                " when, by whom and why. To delete a patient who can be restored, use Delete."
            )
        )
        self.code = self.add_row("code", _("Study &code"), TextField(required=True))
        self.reason = self.add_row("reason", _("&Reason"), TextField(required=True))
        self.reason.show_hint(_("It is kept: without a name."))

    def save(self) -> str:
        """Return the reason; raises InvalidRecord unless the code is the patient's."""
        if self.code.value() != self._patient_code:
            raise InvalidRecord({"code": _("This is not the code of the patient.")})
        return self.reason.value() or ""


def show_report(parent: QWidget, erased: Erased) -> None:
    """Show what was erased, and which copies are left."""
    text = ngettext("{n} record was erased.", "{n} records were erased.", erased.rows)
    left = [_("Backup: {name}").format(name=each.name) for each in erased.backups]
    left += [_("Frozen cohort: {name}").format(name=name) for name in erased.frozen_cohorts]
    detail = "\n".join((_("These still have the patient:"), *left)) if left else ""
    box = messages.MessageBox(parent, text.format(n=erased.rows), detail)
    box.add_button(_("Close"), "primary", answer=False).setFocus()
    box.ask()
