"""What is said when a record or a setting was changed by someone else since it was shown."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from gui.widgets import messages
from gui.words import words
from model.errors import EditConflict
from model.language import _
from model.store import journal
from model.store.reader import Reader

_NOT_SHOWN = ("id", "patient_id", "cycle_id", "canonical_value")
_LISTS = ("[", "{")
"""How settings begin that are stored as JSON, which nobody could read."""
_LONGEST = 60


def change_text(reader: Reader, conflict: EditConflict) -> str:
    """Return who changed or deleted a record, and when, as the journal has it."""
    row_id = conflict.present.get("id")
    entry = journal.last_change(reader, conflict.table, row_id) if row_id else None
    if entry is None:
        return ""
    deleted, saved = _("Deleted by {user} on {when}."), _("Saved by {user} on {when}.")
    when = datetime.fromisoformat(entry.at).astimezone()
    sentence = deleted if conflict.was_deleted else saved
    return sentence.format(user=entry.user, when=f"{when:%Y-%m-%d %H:%M}")


def ask_to_go_on(parent: QWidget, reader: Reader, conflict: EditConflict) -> bool:
    """Show how a record or setting was changed, and ask whether to go on all the same."""
    is_deletion = "deleted_at" in conflict.wanted
    lines = [
        _("{field}: {before} → {now}").format(
            field=words(name), before=_short(before), now=_short(conflict.present[name])
        )
        for name, before in conflict.opened.items()
        if name not in _NOT_SHOWN
        and conflict.present.get(name) != before
        and not str(before or conflict.present[name]).startswith(_LISTS)
    ]
    return messages.ask(
        parent,
        _("This was changed since it was shown here"),
        _("Delete it all the same") if is_deletion else _("Save mine all the same"),
        _("Keep it"),
        detail="\n".join(filter(None, (change_text(reader, conflict), *lines))),
        danger=True,
    )


def _short(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    if "_" in text and " " not in text:
        text = words(text)  # a code
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
