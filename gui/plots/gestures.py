"""Turn wheel, drag, double click, hover and keys over a plot into signals."""

from __future__ import annotations

from collections import ChainMap

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView

ZOOM_STEP = 1.25
_MIN_DRAG = 4  # pixels from which a press becomes a drag


KeyAction = tuple[str, tuple[float, ...]]
"""The name of the signal that a key emits, and its arguments."""


class Gestures(QObject):
    """Watches a view and its viewport; positions are in pixels of the viewport.

    Left of the pixel `plot_left` the wheel scrolls the page instead. With `has_marks` the arrow
    keys move from mark to mark. Enter and Escape are handled only while `is_chosen`, with a mark
    chosen.
    """

    hovered = Signal(QPointF)
    pointer_left = Signal()
    clicked = Signal(QPointF)
    zoomed = Signal(float, float)
    """A factor, above 1 to show more days, and the pixel whose day stays; −1 means the cursor."""
    panned = Signal(float)
    """How many pixels the content moves to the right."""
    shifted = Signal(float)
    """How far the view moves to the right, as a part of its width."""
    reset = Signal()
    visit_stepped = Signal(int)
    """1 to move the cursor to the next visit, −1 to the one before."""
    scrolled = Signal(float)
    """How far to scroll down, as a part of a page; negative up."""
    focus_changed = Signal()
    mark_stepped = Signal(int, int)
    """How many marks to move right and down; negative for left and up."""
    opened = Signal()
    cancelled = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self.plot_left = 0.0
        self.has_marks = self.is_chosen = False
        self._view = view
        self._pressed_at: QPointF | None = None
        self._is_dragging = False
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn events of the plot into signals, and pass the others on."""
        match event:
            case QKeyEvent() if watched is self._view:
                return self._key(event)
            case QWheelEvent():
                return self._wheel(event)
            case QMouseEvent():
                return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self.pointer_left.emit()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.focus_changed.emit()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        """Handle a key of the plot before a shortcut of the window does."""
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

    def _action(self, event: QKeyEvent) -> KeyAction | None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            return ChainMap(_SHIFT_KEYS, _KEYS).get(event.key())
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        at_mark = _AT_MARK_KEYS if self.is_chosen else {}
        return ChainMap(at_mark, _MARK_KEYS if self.has_marks else {}, _KEYS).get(event.key())

    def _wheel(self, event: QWheelEvent) -> bool:
        vertical, horizontal = event.angleDelta().y(), event.angleDelta().x()
        if event.position().x() < self.plot_left:
            return False
        if abs(horizontal) > abs(vertical):
            self.panned.emit(horizontal / 2)
        elif vertical:
            self.zoomed.emit(ZOOM_STEP ** (-vertical / 120), event.position().x())
        event.accept()
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        position = event.position()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed_at, self._is_dragging = position, False
            case QEvent.Type.MouseMove:
                self._move(position)
            case QEvent.Type.MouseButtonRelease if event.button() == Qt.MouseButton.LeftButton:
                if self._pressed_at is not None and not self._is_dragging:
                    self.clicked.emit(position)
                self._pressed_at = None
                self._view.viewport().unsetCursor()
            case QEvent.Type.MouseButtonDblClick if position.x() >= self.plot_left:
                self.reset.emit()
        return True

    def _move(self, position: QPointF) -> None:
        if self._pressed_at is None:
            self.hovered.emit(position)
            return
        moved = position.x() - self._pressed_at.x()
        if self._is_dragging or abs(moved) >= _MIN_DRAG:
            self._is_dragging = True
            self._pressed_at = position
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.panned.emit(moved)


_KEYS: dict[int, KeyAction] = {
    Qt.Key.Key_Left: ("visit_stepped", (-1,)),
    Qt.Key.Key_Right: ("visit_stepped", (1,)),
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
"""What each key does; the maps below go before it with Shift, with marks, and at a mark."""

_SHIFT_KEYS: dict[int, KeyAction] = {
    Qt.Key.Key_Left: ("shifted", (-0.25,)),
    Qt.Key.Key_Right: ("shifted", (0.25,)),
}
_MARK_KEYS: dict[int, KeyAction] = {
    Qt.Key.Key_Left: ("mark_stepped", (-1, 0)),
    Qt.Key.Key_Right: ("mark_stepped", (1, 0)),
    Qt.Key.Key_Up: ("mark_stepped", (0, -1)),
    Qt.Key.Key_Down: ("mark_stepped", (0, 1)),
}
_AT_MARK_KEYS: dict[int, KeyAction] = {
    Qt.Key.Key_Return: ("opened", ()),
    Qt.Key.Key_Enter: ("opened", ()),
    Qt.Key.Key_Escape: ("cancelled", ()),
}
