"""How pictures are looked at: one zoom, one place and one window for all that lie side by side."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

LEAST_ZOOM, MOST_ZOOM = 0.5, 20.0
LEAST_WIDTH, MOST_WIDTH = 0.02, 4.0
MOST_LEVEL = 2.0


class Look(QObject):
    """What several pictures share. All is relative to how each is shown at first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        """1 shows the whole picture."""
        self.across = 0.0
        self.down = 0.0
        """How far the picture was moved, in parts of its size."""
        self.level = 0.0
        """How far the centre of the window was moved, in widths of the picture's first window."""
        self.width = 1.0
        """Width of the window in widths of the first one."""

    def zoom_by(self, factor: float, across: float = 0.0, down: float = 0.0) -> None:
        """Enlarge; the point that lies so far from the middle of the panel stays where it is.

        The distances are in parts of the whole picture's size at zoom 1.
        """
        before = self.zoom
        self.zoom = min(max(before * factor, LEAST_ZOOM), MOST_ZOOM)
        grown = self.zoom / before
        # In parts of the picture as large as it is shown, before and after.
        self.across = across / self.zoom - (across / before - self.across)
        self.down = down / self.zoom - (down / before - self.down)
        if grown != 1:
            self._hold()

    def move(self, across: float, down: float) -> None:
        """Move the picture, in parts of its size as it is shown."""
        self.across += across
        self.down += down
        self._hold()

    def window_by(self, level: float, width: float) -> None:
        """Move the window by parts of its width, and make it wider by a factor."""
        self.set_window(self.level + level * self.width, self.width * width)

    def set_window(self, level: float, width: float) -> None:
        """Use a window: its centre's shift and its width."""
        self.level = min(max(level, -MOST_LEVEL), MOST_LEVEL)
        self.width = min(max(width, LEAST_WIDTH), MOST_WIDTH)
        self.changed.emit()

    def reset(self) -> None:
        """Show everything as at first."""
        self.zoom, self.across, self.down = 1.0, 0.0, 0.0
        self.set_window(0.0, 1.0)

    def _hold(self) -> None:
        """Keep a part of the picture in sight."""
        self.across = min(max(self.across, -0.5), 0.5)
        self.down = min(max(self.down, -0.5), 0.5)
        self.changed.emit()
