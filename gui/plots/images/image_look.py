"""The view of images: one zoom, one position and one window for all that are side by side."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

LEAST_ZOOM, MOST_ZOOM = 0.5, 20.0
LEAST_WIDTH, MOST_WIDTH = 0.02, 4.0
MOST_LEVEL = 2.0


class Look(QObject):
    """The view that several images share, relative to how each is shown at first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        """1 shows the whole image."""
        self.across = 0.0
        self.down = 0.0
        """The shift of the image, in parts of its size."""
        self.level = 0.0
        """The shift of the window's centre, in widths of the image's first window."""
        self.width = 1.0
        """The width of the window in widths of the first one."""

    def zoom_by(self, factor: float, across: float = 0.0, down: float = 0.0) -> None:
        """Zoom around a point that far from the middle of the panel.

        Distances are in parts of the whole image's size at zoom 1.
        """
        before = self.zoom
        self.zoom = min(max(before * factor, LEAST_ZOOM), MOST_ZOOM)
        grown = self.zoom / before
        # In parts of the image at its shown size, before and after.
        self.across = across / self.zoom - (across / before - self.across)
        self.down = down / self.zoom - (down / before - self.down)
        if grown != 1:
            self._keep_in_sight()

    def move(self, across: float, down: float) -> None:
        """Move the image, in parts of its shown size."""
        self.across += across
        self.down += down
        self._keep_in_sight()

    def window_by(self, level: float, width: float) -> None:
        """Move the window by parts of its width, and widen it by a factor."""
        self.set_window(self.level + level * self.width, self.width * width)

    def set_window(self, level: float, width: float) -> None:
        """Set the shift of the window's centre, and its width."""
        self.level = min(max(level, -MOST_LEVEL), MOST_LEVEL)
        self.width = min(max(width, LEAST_WIDTH), MOST_WIDTH)
        self.changed.emit()

    def reset(self) -> None:
        """Show everything as at first."""
        self.zoom, self.across, self.down = 1.0, 0.0, 0.0
        self.set_window(0.0, 1.0)

    def _keep_in_sight(self) -> None:
        """Keep a part of the image in sight."""
        self.across = min(max(self.across, -0.5), 0.5)
        self.down = min(max(self.down, -0.5), 0.5)
        self.changed.emit()
