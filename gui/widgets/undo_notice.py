"""Steps taken from a page: an error is shown, success offers to undo the step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from gui.widgets import messages
from model.errors import KnownError
from model.language import _
from model.store.step import Step


def take_step(
    widget: QWidget,
    session: Session,
    label: str,
    work: Callable[[Step], object],
    done: str = "",
    *,
    undone: Callable[[], object] | None = None,
) -> bool:
    """Take a step and return whether it was taken; an error is shown in front of `widget`.

    `done` is the text of a notice that offers to undo the step; `undone` is called after that.
    """
    try:
        session.do(label, work)
    except KnownError as error:
        messages.error(widget, error)
        return False
    if done:
        notice_with_undo(widget, session, done, undone)
    return True


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
