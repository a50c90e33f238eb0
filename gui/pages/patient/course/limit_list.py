"""The limits of a rule set, one per row with its verdict. An open row shows reason and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gui.style import theme
from gui.widgets.limit_delegate import OPEN, OUTCOME, LimitDelegate, details
from model.cells import tab_separated
from model.language import _
from model.readiness.outcomes import RuleOutcome

Index = QModelIndex | QPersistentModelIndex
_TOGGLE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class LimitModel(QAbstractListModel):
    """The outcome of each rule, in the order of the rule set, and which rows are open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.outcomes: list[RuleOutcome] = []
        self.open: set[str] = set()

    def show(self, outcomes: Sequence[RuleOutcome]) -> None:
        """Replace all rows; a rule whose row was open stays open."""
        self.beginResetModel()
        self.outcomes = list(outcomes)
        self.endResetModel()

    def toggle(self, index: Index) -> None:
        """Open a row, or close it."""
        self.open ^= {self.outcomes[index.row()].rule.key}
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.outcomes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the data of a row for a role."""
        if not index.isValid():
            return None
        outcome = self.outcomes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return outcome.limit
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return outcome.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (outcome.finding.reason, details(outcome.rule))))
        if role == OUTCOME:
            return outcome
        return outcome.rule.key in self.open if role == OPEN else None


class LimitList(QListView):
    """A list as high as its rows. Up and Down move; Enter, Space or a click opens or closes a row.

    Ctrl+C copies the full text of a row. `resized` is emitted when the height has changed.
    """

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limits = LimitModel(self)
        self.setModel(self.limits)
        self.setItemDelegate(LimitDelegate(self))
        self.setAccessibleName(_("Limits"))
        self.setAccessibleDescription(_("Enter shows the reason and the source of a limit."))
        self.setFont(theme.figures(self.font()))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self.toggle)
        self.fit()

    def show_limits(self, outcomes: Sequence[RuleOutcome]) -> None:
        """Show outcomes; the chosen row stays chosen if its rule is still among them."""
        chosen = self.chosen()
        self.limits.show(outcomes)
        keys = [each.rule.key for each in outcomes]
        if chosen is not None and chosen.rule.key in keys:
            self.setCurrentIndex(self.limits.index(keys.index(chosen.rule.key)))
        self.fit()

    def chosen(self) -> RuleOutcome | None:
        """Return the outcome in the chosen row."""
        index = self.currentIndex()
        return self.limits.outcomes[index.row()] if index.isValid() else None

    def toggle(self, index: QModelIndex) -> None:
        """Open a row to show its reason and source, or close it."""
        self.limits.toggle(index)
        self.fit()

    def fit(self) -> None:
        """Set the height to that of the rows at the current width."""
        self.doItemsLayout()
        height = sum(self.sizeHintForRow(row) for row in range(self.limits.rowCount()))
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
            self.resized.emit()

    def minimumSizeHint(self) -> QSize:
        """Allow any width from 120 pixels; the height is that of the rows."""
        return QSize(120, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the height to the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the first row if none is chosen."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.limits.rowCount():
            self.setCurrentIndex(self.limits.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Toggle or copy the chosen row; the list handles all other keys."""
        outcome = self.chosen()
        if outcome is not None and event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(tab_separated([[outcome.text]]))
        elif outcome is not None and event.key() in _TOGGLE_KEYS:
            self.toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)
