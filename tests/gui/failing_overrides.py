"""A program in which each kind of override of Qt fails with each kind of error.

It prints a line of JSON for each pair: how often the override raised, how many messages were shown
and how many errors were logged. `python -m tests.gui.failing_overrides` starts it.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QEvent,
    QMetaObject,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QTimer,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.messages import MessageBox
from gui.window.crash import CrashHandler
from model.error_log import log
from model.errors import KnownError

KEPT: list[QObject] = []
"""Widgets that a failing trigger would otherwise delete while Qt is using them."""

SECRET = "Roe Jane 1960-01-01"
RIGHT = Qt.MouseButton.RightButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def raise_in_python() -> None:
    raise LookupError(SECRET)


def raise_known() -> None:
    raise KnownError("The disk is full.")


ERRORS: dict[str, Callable[[], object]] = {
    "int": lambda: int(SECRET),
    "date": lambda: date.fromisoformat(SECRET),
    "next": lambda: next(iter(())),
    "division": lambda: 1 / 0,
    "python": raise_in_python,
    "known": raise_known,
}


class Table(QAbstractTableModel):
    def rowCount(self, parent: Any = None) -> int:
        return 2

    def columnCount(self, parent: Any = None) -> int:
        return 2

    def data(self, index: Any, role: int = 0) -> Any:
        return "text" if role == 0 else None


def send(widget: QObject, event: QEvent) -> None:
    QCoreApplication.sendEvent(widget, event)


def send_mouse(kind: QEvent.Type, widget: QWidget) -> None:
    at = QPointF(5, 5)
    send(widget, QMouseEvent(kind, at, at, RIGHT, RIGHT, NO_KEYS))


def send_key(widget: QWidget, key: Qt.Key) -> None:
    send(widget, QKeyEvent(QEvent.Type.KeyPress, key, NO_KEYS))


def send_focus(widget: QWidget, kind: QEvent.Type) -> None:
    send(widget, QFocusEvent(kind, Qt.FocusReason.OtherFocusReason))


def lay_out(widget: QWidget) -> None:
    window = QWidget()
    KEPT.append(window)
    layout = QVBoxLayout(window)
    layout.addWidget(widget)
    layout.totalHeightForWidth(100)
    layout.activate()


def drag(kind: type, widget: QWidget) -> None:
    at = QPointF(5, 5) if kind is QDropEvent else QPoint(5, 5)
    mime = QMimeData()
    mime.setText("text")
    # The application itself passes on only what the system has dragged.
    QWidget.event(widget, kind(at, Qt.DropAction.CopyAction, mime, RIGHT, NO_KEYS))


def show_table(model: Any = None, delegate: Any = None) -> QTableView:
    view = QTableView()
    KEPT.append(view)
    view.setModel(model or Table(view))
    if delegate is not None:
        view.setItemDelegate(delegate)
    view.setSortingEnabled(True)
    view.show()
    view.setCurrentIndex(view.model().index(1, 1))
    view.resizeRowsToContents()
    view.grab()
    at = QPoint(5, 5)
    send(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    return view


def show_item(item: Any) -> None:
    scene = QGraphicsScene()
    KEPT.append(scene)
    item.setRect(0, 0, 9, 9)
    # PySide raises an error of its own, a SystemError, if an item fails while it is added or shown.
    item.is_ready = False
    scene.addItem(item)
    view = QGraphicsView(scene)
    KEPT.append(view)
    view.show()
    item.is_ready = True
    view.viewport().update()


def filter_events(watcher: QObject) -> None:
    watched = QObject()
    watched.installEventFilter(watcher)
    send(watched, QEvent(QEvent.Type.User))


def wheel(widget: QWidget) -> None:
    none, phase = QPoint(), Qt.ScrollPhase.NoScrollPhase
    at = QPointF(5, 5)
    send(
        widget,
        QWheelEvent(at, at, none, QPoint(0, 9), Qt.MouseButton.NoButton, NO_KEYS, phase, False),
    )


def show_and_change(view: QTableView) -> None:
    view.setModel(Table(view))
    view.setCurrentIndex(view.model().index(1, 1))


TRIGGERS: dict[tuple[str, str], tuple[type, Callable[[Any], object]]] = {
    **{
        ("QAbstractItemModel", name): (Table, show_table)
        for name in ("columnCount", "data", "flags", "headerData", "rowCount", "sort")
    },
    **{
        ("QAbstractItemDelegate", name): (
            QStyledItemDelegate,
            lambda delegate: show_table(delegate=delegate),
        )
        for name in ("helpEvent", "paint", "sizeHint")
    },
    ("QAbstractItemView", "currentChanged"): (QTableView, show_and_change),
    ("QDialog", "accept"): (QDialog, lambda box: QMetaObject.invokeMethod(box, "accept")),
    ("QDialog", "done"): (QDialog, lambda box: QDialog.accept(box)),
    ("QDialog", "reject"): (QDialog, lambda box: send_key(box, Qt.Key.Key_Escape)),
    ("QGraphicsItem", "boundingRect"): (QGraphicsRectItem, show_item),
    ("QGraphicsItem", "paint"): (QGraphicsRectItem, show_item),
    ("QObject", "event"): (QObject, lambda target: send(target, QEvent(QEvent.Type.User))),
    ("QObject", "eventFilter"): (QObject, filter_events),
    ("QWidget", "changeEvent"): (QWidget, lambda widget: widget.setEnabled(False)),
    ("QWidget", "closeEvent"): (QWidget, lambda widget: widget.close()),
    ("QWidget", "dragEnterEvent"): (QWidget, lambda widget: drag(QDragEnterEvent, widget)),
    ("QWidget", "dropEvent"): (QWidget, lambda widget: drag(QDropEvent, widget)),
    ("QWidget", "enterEvent"): (
        QWidget,
        lambda widget: send(widget, QEnterEvent(QPointF(), QPointF(), QPointF())),
    ),
    ("QWidget", "focusInEvent"): (
        QWidget,
        lambda widget: send_focus(widget, QEvent.Type.FocusIn),
    ),
    ("QWidget", "focusNextPrevChild"): (QWidget, lambda widget: send_key(widget, Qt.Key.Key_Tab)),
    ("QWidget", "focusOutEvent"): (
        QWidget,
        lambda widget: send_focus(widget, QEvent.Type.FocusOut),
    ),
    ("QWidget", "hideEvent"): (QWidget, lambda widget: (widget.show(), widget.hide())),
    ("QWidget", "keyPressEvent"): (QWidget, lambda widget: send_key(widget, Qt.Key.Key_A)),
    ("QWidget", "leaveEvent"): (QWidget, lambda widget: send(widget, QEvent(QEvent.Type.Leave))),
    **{
        ("QWidget", name): (QWidget, lay_out)
        for name in ("hasHeightForWidth", "heightForWidth", "minimumSizeHint", "sizeHint")
    },
    **{
        ("QWidget", name): (QWidget, partial(send_mouse, kind))
        for name, kind in (
            ("mouseDoubleClickEvent", QEvent.Type.MouseButtonDblClick),
            ("mouseMoveEvent", QEvent.Type.MouseMove),
            ("mousePressEvent", QEvent.Type.MouseButtonPress),
            ("mouseReleaseEvent", QEvent.Type.MouseButtonRelease),
        )
    },
    ("QWidget", "paintEvent"): (QWidget, lambda widget: (widget.show(), widget.grab())),
    ("QWidget", "resizeEvent"): (QWidget, lambda widget: (widget.show(), widget.resize(50, 60))),
    ("QWidget", "showEvent"): (QWidget, lambda widget: widget.show()),
    ("QWidget", "wheelEvent"): (QWidget, wheel),
}
"""By the Qt class that declares an override, and its name: what to subclass and how Qt calls it."""


class Counter(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())


def try_pair(base: type, name: str, trigger: Callable[[Any], object], error: str) -> dict[str, Any]:
    raised = []

    def fail(self: Any, *args: Any) -> Any:
        if armed and getattr(self, "is_ready", True):
            raised.append(name)
            ERRORS[error]()
        return getattr(base, name)(self, *args)

    def close_box() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, MessageBox):
            shown.append(box.accessibleName())
            box.reject()

    options = {"hasHeightForWidth": lambda self: True} if name == "heightForWidth" else {}
    probe_class = type("Probe", (base,), {**options, name: fail})
    shown: list[str] = []
    armed, counter = True, Counter()
    log.addHandler(counter)
    handler = CrashHandler()
    handler.install()
    closer = QTimer()
    closer.timeout.connect(close_box)
    closer.start(1)
    probe = probe_class()
    if isinstance(probe, QObject):
        KEPT.append(probe)
    QTimer.singleShot(0, lambda: trigger(probe))
    QTimer.singleShot(30, QApplication.quit)
    QApplication.exec()
    armed = False
    closer.stop()
    handler.close()
    log.removeHandler(counter)
    while KEPT:
        if shiboken6.isValid(kept := KEPT.pop()):
            kept.deleteLater()
    return {"raised": len(raised), "shown": shown, "logged": counter.errors}


def main() -> None:
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    for (declared_by, name), (base, trigger) in TRIGGERS.items():
        for error in ERRORS:
            # Before it runs, so that the parent learns where the program ended.
            sys.stdout.write(f"{declared_by}.{name} {error} ")
            sys.stdout.flush()
            sys.stdout.write(json.dumps(try_pair(base, name, trigger, error)) + "\n")
    sys.stdout.write("end\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
