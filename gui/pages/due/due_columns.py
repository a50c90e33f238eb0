"""The columns of the list of due items, and the list as HTML for printing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from operator import attrgetter

from gui.widgets.row_model import Column
from model.dates import date_text
from model.due.items import DueItem, DueState
from model.language import _, ngettext


def _urgency_tone(item: DueItem) -> str:
    """Return the tone of an item's text, by how soon it is due."""
    if item.state is DueState.OVERDUE:
        return "alert"
    return "warn" if item.days <= 0 else "soft"


def due_columns(*, by_patient: bool) -> tuple[Column[DueItem], ...]:
    """Return the columns of the list: the due date first, or the patient if `by_patient`."""
    due_on: Column[DueItem] = Column(
        _("Due"),
        lambda item: date_text(item.due_on),
        lambda item: item.due_on,
        tip=attrgetter("window_text"),
    )
    state: Column[DueItem] = Column(
        _("State"),
        lambda item: item.time_text,
        lambda item: item.days,
        tone=_urgency_tone,
        tip=attrgetter("window_text"),
    )
    patient: Column[DueItem] = Column(_("Patient"), lambda item: item.code)
    title: Column[DueItem] = Column(_("What"), lambda item: item.title)
    last: Column[DueItem] = Column(
        _("Last recorded"),
        lambda item: date_text(item.last_on),
        lambda item: item.last_on,
        tone=_soft,
    )
    counted_from: Column[DueItem] = Column(
        _("Counted from"), lambda item: item.counted_from, tone=_soft, stretch=True
    )
    first = (patient, title, due_on, state) if by_patient else (due_on, state, patient, title)
    return (*first, last, counted_from)


def due_html(items: Sequence[DueItem], *, by_patient: bool) -> str:
    """Return HTML with a line of counts and a table whose rows each name their patient."""
    columns = due_columns(by_patient=by_patient)
    head = "".join(f"<th>{escape(column.title)}</th>" for column in columns)
    rows = "".join(
        "<tr>" + "".join(_cell(column, item) for column in columns) + "</tr>" for item in items
    )
    return (
        f"<p class='soft'>{escape(_count_text(items))}</p>"
        "<table width='100%' cellspacing='0' cellpadding='3'>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cell(column: Column[DueItem], item: DueItem) -> str:
    tone = column.tone(item) if column.tone else ""
    return f"<td><span class='{tone}'>{escape(column.text(item))}</span></td>"


def _count_text(items: Sequence[DueItem]) -> str:
    overdue = sum(item.state is DueState.OVERDUE for item in items)
    return ngettext(
        "{n} item, {overdue} overdue, by the schedule of the casebook.",
        "{n} items, {overdue} overdue, by the schedule of the casebook.",
        len(items),
    ).format(n=len(items), overdue=overdue)


def _soft(_item: DueItem) -> str:
    return "soft"
