"""Errors with a cause outside the program: the user, the disk or another program."""

from typing import Any

from model.language import _


class KnownError(Exception):
    """An error the user can act on; its text says what happened, what is safe and what to do."""


class NotACasebook(KnownError):
    """The file is not a casebook, or is empty; it was not touched."""


class NewerCasebook(KnownError):
    """The casebook was written by a newer version; it was not touched."""


class DamagedCasebook(KnownError):
    """The file is a casebook, but parts of it cannot be read; it was not touched."""


class UnreadableValue(KnownError):
    """A stored value is not of its kind; the file was damaged or changed from outside.

    `column` is the value's column, `text` what is stored. `table` and `row_id` are its place; they
    are empty and None where only the column is known.
    """

    def __init__(
        self, column: str, text: object, table: str = "", row_id: int | None = None
    ) -> None:
        values = {"column": column, "text": text, "table": table, "row": row_id}
        place = (
            _("Row {row} of the table “{table}” has “{text}” in “{column}”, which cannot be read.")
            if table
            else _("A row has “{text}” in “{column}”, which cannot be read.")
        )
        advice = _(
            "The file was damaged or changed from outside. It was left as it is: restore a backup"
            " from before the damage."
        )
        super().__init__(f"{place.format_map(values)} {advice}")
        self.column = column
        self.text = text
        self.table = table
        self.row_id = row_id


class WrongPassphrase(KnownError):
    """The passphrase does not open the casebook; no damage was found."""


class PassphraseNeeded(KnownError):
    """The casebook is encrypted and no passphrase was given."""


class HeldElsewhere(KnownError):
    """Another program has the casebook open for editing; it can only be read.

    `holder` says who, if that is known (`model.store.holder.Holder`).
    """

    def __init__(self, sentence: str, holder: Any = None) -> None:
        super().__init__(sentence)
        self.holder = holder


class ReadOnlyFolder(KnownError):
    """No file can be written next to the casebook; it can only be read."""


class FileReplaced(KnownError):
    """The open casebook's file was renamed, deleted or replaced; nothing more is saved in it."""


class InvalidRecord(KnownError):
    """A record breaks a rule; nothing was written.

    `problems` has one sentence for each field at fault, by name of the field.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class Conflict(KnownError):
    """A record to be changed or undone was changed in the meantime; nothing was written."""


class ChangedLater(Conflict):
    """A step cannot be undone or redone because its records were changed later.

    Nothing was changed, and the step with this label is skipped.
    """

    def __init__(self, label: str) -> None:
        sentence = _(
            "“{label}” cannot be undone or redone, because its records were changed later."
            " Nothing was changed; the next undo or redo is of the step before it."
        )
        super().__init__(sentence.format(label=_(label)))


class EditConflict(Conflict):
    """A record was changed or deleted while the user edited it; nothing was written.

    `table` is the table of the row. `opened`, `present` and `wanted` are the row by column: as it
    was when the user opened it, as it is stored now, and as the user wanted to save it.
    """

    def __init__(
        self,
        table: str,
        opened: dict[str, Any],
        present: dict[str, Any],
        wanted: dict[str, Any],
    ) -> None:
        super().__init__(
            _("This record was deleted while you edited it. Nothing was saved.")
            if present.get("deleted_at")
            else _("This record was changed while you edited it. Nothing was saved.")
        )
        self.table = table
        self.opened = opened
        self.present = present
        self.wanted = wanted

    @property
    def was_deleted(self) -> bool:
        """Whether the record is in the bin now."""
        return bool(self.present.get("deleted_at"))


class BadFolder(KnownError):
    """A tidy folder has faults; nothing was written.

    `faults` has one sentence for each, with file and line.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
