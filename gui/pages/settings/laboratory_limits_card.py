"""The card for laboratories' limits: they are entered, read from CSV, edited and deleted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.forms.laboratory_limit import LaboratoryLimitForm
from gui.session.session import Session
from gui.widgets.card import Card, button
from gui.widgets.layout import label
from gui.widgets.row_model import Column
from gui.widgets.row_table import ROW_HEIGHT, RowTable
from gui.widgets.undo_notice import notice_with_undo, take_step
from model.dates import date_text
from model.errors import KnownError
from model.exchange.laboratory_limits import read_limits, saved_text
from model.language import N_, _
from model.records import laboratory_limits, labs
from model.records.laboratory_limits import TABLE, LaboratoryLimit
from model.reference import analytes, units
from model.store.step import Change

_ROWS_IN_SIGHT = 8
_FAULTS_IN_SIGHT = 8
_LONGEST_NAME = 18


class LaboratoryLimitsCard(Card):
    """All limits in one table: Enter and F2 edit, Delete deletes, as undoable steps."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Laboratories' limits of normal"), parent)
        self._session = session
        words = label(
            _(
                "For results that come without limits. Those of a named laboratory apply to its"
                " results only, the others to all. The narrower wins: by laboratory, sex, age, then"
                " the later day. Results are graded by them."
            ),
            "hint",
            wrap=True,
        )
        self.problem = label(kind="problem", wrap=True, plain=True)
        self.problem.hide()
        self.table: RowTable[LaboratoryLimit] = RowTable(
            _columns(),
            name=_("Laboratories' limits of normal"),
            empty=_("No limits yet."),
        )
        self.add_button = button(_("Add li&mits…"), "link")
        self.read_button = button(_("&Read CSV…"), "quiet")
        self.read_button.setToolTip(
            _(
                "Columns: laboratory, analyte, unit, sex, age_from, age_to, valid_from, valid_to,"
                " lln, uln, comment"
            )
        )
        self.add_action(self.read_button)
        self.add_action(self.add_button)
        self.body.setContentsMargins(1, 4, 1, 8)
        words.setContentsMargins(13, 0, 13, 0)
        self.problem.setContentsMargins(13, 0, 13, 0)
        self.add(words)
        self.add(self.problem)
        self.add(self.table)
        self.add_button.clicked.connect(self.add_limits)
        self.read_button.clicked.connect(self._ask)
        self.table.activated.connect(self.edit)
        self.table.edit_requested.connect(self.edit)
        self.table.delete_requested.connect(self.delete)
        session.changed.connect(self._follow)
        self._show_limits()

    def add_limits(self) -> None:
        """Open the form of new limits."""
        saved = LaboratoryLimitForm.ask(self, self._session)
        if saved is not None and saved.id is not None:
            self.table.choose(saved.id)
        self.table.setFocus()

    def edit(self, limit: LaboratoryLimit) -> None:
        """Open the form of some limits."""
        LaboratoryLimitForm.ask(self, self._session, limit)
        self.table.setFocus()

    def delete(self, limit: LaboratoryLimit) -> None:
        """Delete limits, and offer to undo that."""
        text = _("The limits of {analyte} were deleted.").format(analyte=labs.label(limit.analyte))
        label = N_("Delete laboratory limits")
        take_step(
            self,
            self._session,
            label,
            lambda step: laboratory_limits.remove(step, limit),
            text,
            opened=(limit,),
        )
        self.table.setFocus()

    def read(self, path: Path) -> None:
        """Read limits from a CSV file, all of them or none; show what is wrong with it."""
        self._show_problem("")
        try:
            limits = read_limits(path)
            saved = self._session.do(
                N_("Read laboratory limits"),
                lambda step: laboratory_limits.save_all(step, limits),
            )
        except KnownError as error:
            self._show_problem(_shortened(str(error)))
            return
        notice_with_undo(self, self._session, saved_text(saved))

    def _ask(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self,
            _("Read laboratory limits"),
            str(Path.home()),
            _("CSV files (*.csv);;All files (*)"),
        )
        if chosen:
            self.read(Path(chosen))

    def _follow(self, change: Change) -> None:
        if TABLE in change.tables:
            self._show_limits()

    def _show_limits(self) -> None:
        limits = laboratory_limits.all_limits(self._session.casebook)
        self.table.show_records(limits)
        rows = min(max(len(limits), 3), _ROWS_IN_SIGHT)
        header = self.table.view.horizontalHeader().sizeHint().height()
        bar = self.table.view.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(header + ROW_HEIGHT * rows + bar)

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))


def limits_text(limit: LaboratoryLimit) -> str:
    """Return the limits with their unit: `150–400 ×10⁹/L`, `≤ 45 U/L`."""
    analyte = analytes.by_key(limit.analyte)
    unit = units.parse(limit.analyte, limit.unit or "") if analyte else None
    low, high = ("" if side is None else f"{side:f}" for side in (limit.lln, limit.uln))
    span = f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
    return f"{span} {unit.symbol if unit else limit.unit or ''}".rstrip()


def for_text(limit: LaboratoryLimit) -> str:
    """Return for whom limits are: `F, 18–64 y`; `all` where nothing restricts them."""
    low, high = limit.age_from, limit.age_to
    if low is not None and high is not None:
        ages = _("{low}–{high} y").format(low=low, high=high)
    elif low is not None:
        ages = _("from {age} y").format(age=low)
    else:
        ages = "" if high is None else _("up to {age} y").format(age=high)
    return ", ".join(filter(None, (limit.sex, ages))) or _("all")


def valid_text(limit: LaboratoryLimit) -> str:
    """Return the days of the samples that limits apply to; empty for all."""
    start, end = limit.valid_from, limit.valid_to
    if start and end:
        return f"{date_text(start)} – {date_text(end)}"
    if start:
        return _("from {date}").format(date=date_text(start))
    return _("until {date}").format(date=date_text(end)) if end else ""


def _columns() -> tuple[Column[LaboratoryLimit], ...]:
    return (
        Column(_("Laboratory"), _laboratory_text, tip=_tip),
        Column(_("Analyte"), lambda limit: labs.label(limit.analyte), tip=_tip, stretch=True),
        Column(_("Limits"), limits_text, tip=_tip),
        Column(_("For"), for_text, tip=_tip),
        Column(_("Valid"), valid_text, tone=lambda _limit: "soft", tip=_tip, optional=True),
    )


def _laboratory_text(limit: LaboratoryLimit) -> str:
    """Return the start of the name of the laboratory; all of it is in the tip."""
    name = limit.laboratory or _("any")
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _tip(limit: LaboratoryLimit) -> str:
    return "\n".join(filter(None, (limit.laboratory, limit.comment)))


def _shortened(faults: str) -> str:
    """Return the first faults of a file, and how many there are."""
    lines = faults.splitlines()
    if len(lines) <= _FAULTS_IN_SIGHT:
        return faults
    more = _("Nothing was read: {n} faults in all.").format(n=len(lines))
    return "\n".join([*lines[:_FAULTS_IN_SIGHT], more])
