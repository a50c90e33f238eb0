"""Wheel, drag, double click, hover and keys over a plot, as signals."""

from __future__ import annotations

from collections import ChainMap

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView

ZOOM_STEP = 1.25
_DRAG = 4  # pixels before a press becomes a drag


Action = tuple[str, tuple[float, ...]]
"""A signal and its arguments."""


class Gestures(QObject):
    """Watches a view and its viewport; positions are in pixels of the viewport.

    Left of the pixel `sides` the wheel scrolls the page instead. With `has_marks` the arrow keys go
    from mark to mark; Enter and Escape are taken only while a mark `is_chosen`.
    """

    hovered = Signal(QPointF)
    left = Signal()
    clicked = Signal(QPointF)
    zoomed = Signal(float, float)
    """Factor (above 1 shows more), and the pixel that keeps its day; −1 is the cursor."""
    panned = Signal(float)
    """The pixels that the content moves to the right."""
    shifted = Signal(float)
    """The part of its width that the view moves to the right."""
    reset = Signal()
    stepped = Signal(int)
    """The number of visits to the right; negative to the left."""
    scrolled = Signal(float)
    """The part of a page to scroll down; negative up."""
    focus_changed = Signal()
    walked = Signal(int, int)
    """The numbers of marks to the right and down; negative the other way."""
    opened = Signal()
    cancelled = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self.sides = 0.0
        self.has_marks = self.is_chosen = False
        self._view = view
        self._pressed: QPointF | None = None
        self._dragged = False
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn events into signals; pass on what is not for the plot."""
        match event:
            case QKeyEvent() if watched is self._view:
                return self._key(event)
            case QWheelEvent():
                return self._wheel(event)
            case QMouseEvent():
                return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.focus_changed.emit()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        """Handle the plot's keys before an action of the window does."""
        action = self._action(event)
        if action is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        signal, arguments = action
        getattr(self, signal).emit(*arguments)
        return True

    def _action(self, event: QKeyEvent) -> Action | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ShiftModifier:
            return ChainMap(_SHIFT_KEYS, _KEYS).get(event.key())
        if held != Qt.KeyboardModifier.NoModifier:
            return None
        at_mark = _AT_MARK_KEYS if self.is_chosen else {}
        return ChainMap(at_mark, _MARK_KEYS if self.has_marks else {}, _KEYS).get(event.key())

    def _wheel(self, event: QWheelEvent) -> bool:
        turned, shifted = event.angleDelta().y(), event.angleDelta().x()
        if event.position().x() < self.sides:
            return False
        if abs(shifted) > abs(turned):
            self.panned.emit(shifted / 2)
        elif turned:
            self.zoomed.emit(ZOOM_STEP ** (-turned / 120), event.position().x())
        event.accept()
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        where = event.position()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed, self._dragged = where, False
            case QEvent.Type.MouseMove:
                self._move(where)
            case QEvent.Type.MouseButtonRelease if event.button() == Qt.MouseButton.LeftButton:
                if self._pressed is not None and not self._dragged:
                    self.clicked.emit(where)
                self._pressed = None
                self._view.viewport().unsetCursor()
            case QEvent.Type.MouseButtonDblClick if where.x() >= self.sides:
                self.reset.emit()
        return True

    def _move(self, where: QPointF) -> None:
        if self._pressed is None:
            self.hovered.emit(where)
            return
        moved = where.x() - self._pressed.x()
        if self._dragged or abs(moved) >= _DRAG:
            self._dragged = True
            self._pressed = where
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.panned.emit(moved)


_KEYS: dict[int, Action] = {
    Qt.Key.Key_Left: ("stepped", (-1,)),
    Qt.Key.Key_Right: ("stepped", (1,)),
    Qt.Key.Key_Plus: ("zoomed", (1 / ZOOM_STEP, -1.0)),
    Qt.Key.Key_Equal: ("zoomed", (1 / ZOOM_STEP, -1.0)),
    Qt.Key.Key_Minus: ("zoomed", (ZOOM_STEP, -1.0)),
    Qt.Key.Key_Underscore: ("zoomed", (ZOOM_STEP, -1.0)),
    Qt.Key.Key_Home: ("reset", ()),
    Qt.Key.Key_Up: ("scrolled", (-0.25,)),
    Qt.Key.Key_Down: ("scrolled", (0.25,)),
    Qt.Key.Key_PageUp: ("scrolled", (-0.9,)),
    Qt.Key.Key_PageDown: ("scrolled", (0.9,)),
}
"""The signal of each key, with its arguments."""

_SHIFT_KEYS: dict[int, Action] = {
    Qt.Key.Key_Left: ("shifted", (-0.25,)),
    Qt.Key.Key_Right: ("shifted", (0.25,)),
}
_MARK_KEYS: dict[int, Action] = {
    Qt.Key.Key_Left: ("walked", (-1, 0)),
    Qt.Key.Key_Right: ("walked", (1, 0)),
    Qt.Key.Key_Up: ("walked", (0, -1)),
    Qt.Key.Key_Down: ("walked", (0, 1)),
}
_AT_MARK_KEYS: dict[int, Action] = {
    Qt.Key.Key_Return: ("opened", ()),
    Qt.Key.Key_Enter: ("opened", ()),
    Qt.Key.Key_Escape: ("cancelled", ()),
}
