"""The form of the name that something of the cohort is kept under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from gui.fields.text import TextField
from gui.forms.form import Form
from gui.style import theme
from model.language import _


class NameForm(Form[str]):
    """`NameForm.ask(parent, title, keep, name="")`: asks for a name and calls `keep` with it.

    What `keep` raises is said in the form, which stays open. `about` is a sentence on what is kept.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        keep: Callable[[str], Any],
        name: str = "",
        about: str = "",
        save_text: str = "",
    ) -> None:
        super().__init__(parent, title, save_text=save_text)
        self._keep = keep
        self.add_section()
        if about:
            words = QLabel(about)
            words.setWordWrap(True)
            theme.set_kind(words, "hint")
            self.add_wide(words)
        self.name = self.add_row(_("&Name"), TextField(required=True), "name")
        self.name.set_value(name)
        self.name.edit.selectAll()

    def save(self) -> str:
        """Keep it under the name that is entered."""
        name = self.name.value() or ""
        self._keep(name)
        return name
