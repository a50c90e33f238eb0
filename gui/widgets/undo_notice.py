"""Steps taken from a page: an error is shown, success offers to undo the step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.changed_meanwhile import ask_to_go_on
from model.errors import EditConflict, KnownError
from model.language import _
from model.store.rows import Record, from_row
from model.store.settings import refuse_changed_setting
from model.store.step import Step


def take_step(
    widget: QWidget,
    session: Session,
    label: str,
    work: Callable[[Step], object],
    done: str = "",
    *,
    undone: Callable[[], object] | None = None,
    opened: Iterable[Record] = (),
    seen: Mapping[str, str | None] | None = None,
) -> bool:
    """Take a step and return whether it was taken; an error is shown in front of `widget`.

    `done` is the text of a notice that offers to undo the step; `undone` is called after that.
    `opened` are the records, and `seen` the values of settings by name, that the step changes, as
    they were shown: if one was changed since, the user is asked whether to go on.
    """
    records, settings = [*opened], {**(seen or {})}

    def checked(step: Step) -> None:
        for name, value in settings.items():
            refuse_changed_setting(step, name, value)
        work(step)

    try:
        session.do(label, checked, opened=records)
    except EditConflict as conflict:
        if conflict.was_deleted:
            messages.error(widget, _already_deleted(conflict))
        elif not _is_about(conflict, records, settings):
            messages.error(widget, conflict)
        elif ask_to_go_on(widget, session.casebook, conflict):
            if conflict.table == "setting":
                settings[conflict.present["name"]] = conflict.present["value"]
            records = [_present(each, conflict) for each in records]
            return take_step(
                widget, session, label, work, done, undone=undone, opened=records, seen=settings
            )
        session.announce_elsewhere(conflict)
        return False
    except KnownError as error:
        messages.error(widget, error)
        return False
    if done:
        notice_with_undo(widget, session, done, undone)
    return True


def _is_about(
    conflict: EditConflict, records: Iterable[Record], settings: Mapping[str, str | None]
) -> bool:
    """Return whether a conflict is about one of the records or settings that were shown."""
    if conflict.table == "setting":
        return conflict.present["name"] in settings
    return (conflict.table, conflict.present["id"]) in {(each.TABLE, each.id) for each in records}


def _present(record: Record, conflict: EditConflict) -> Record:
    """Return a record as it is saved now, if the conflict is about it."""
    if (record.TABLE, record.id) != (conflict.table, conflict.present["id"]):
        return record
    return from_row(type(record), conflict.present)


def _already_deleted(conflict: EditConflict) -> KnownError:
    if conflict.table == "patient":
        return KnownError(_("This patient was deleted in the meantime. Nothing was changed."))
    return KnownError(_("This record was deleted in the meantime. Nothing was changed."))


def notice_with_undo(
    widget: QWidget, session: Session, text: str, undone: Callable[[], object] | None = None
) -> None:
    """Show what the latest step did, in the window of a widget, with a button that undoes it.

    `undone` is called after the undo; an undo that fails is shown as an error.
    """

    def undo() -> None:
        try:
            session.undo()
        except KnownError as error:
            messages.error(widget, error)
        else:
            if undone is not None:
                undone()

    messages.notice(widget, text, _("Undo"), if_latest(widget, session, undo))


def if_latest(widget: QWidget, session: Session, act: Callable[[], object]) -> Callable[[], None]:
    """Return a function that calls `act` unless another step followed, or shows a notice."""
    latest = session.casebook.undo_number

    def act_if_latest() -> None:
        if session.casebook.undo_number == latest:
            act()
        else:
            later = _("Another change has been made since. Undo (Ctrl+Z) undoes the latest first.")
            messages.notice(widget, later)

    return act_if_latest
