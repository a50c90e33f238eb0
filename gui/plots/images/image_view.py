"""The zoom, position and grey-value window that images side by side share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_ZOOM, MAX_ZOOM = 0.5, 20.0
MIN_WIDTH, MAX_WIDTH = 0.02, 4.0
MAX_LEVEL = 2.0


class ImageView(QObject):
    """The view that several images share, relative to the way each is shown at first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        """1 shows the whole image."""
        self.across = 0.0
        self.down = 0.0
        """The shifts of the image to the right and down, as parts of its size."""
        self.level = 0.0
        """The shift of the centre of the grey-value window, in widths of the first window."""
        self.width = 1.0
        """The width of the grey-value window, in widths of the first window."""

    def zoom_by(self, factor: float, across: float = 0.0, down: float = 0.0) -> None:
        """Zoom by a factor around a point, which stays where it is.

        `across` and `down` are its distances from the middle of the panel, as parts of the size of
        the image at zoom 1.
        """
        old_zoom = self.zoom
        self.zoom = min(max(old_zoom * factor, MIN_ZOOM), MAX_ZOOM)
        # Shifts are parts of the size that the image has on the panel, which has changed.
        self.across = across / self.zoom - (across / old_zoom - self.across)
        self.down = down / self.zoom - (down / old_zoom - self.down)
        if self.zoom != old_zoom:
            self._keep_in_sight()

    def move(self, across: float, down: float) -> None:
        """Move the image by parts of the size that it has on the panel."""
        self.across += across
        self.down += down
        self._keep_in_sight()

    def window_by(self, level: float, width: float) -> None:
        """Move the grey-value window by parts of its width, and widen it by a factor."""
        self.set_window(self.level + level * self.width, self.width * width)

    def set_window(self, level: float, width: float) -> None:
        """Set shift and width of the grey-value window, each within its limits."""
        self.level = min(max(level, -MAX_LEVEL), MAX_LEVEL)
        self.width = min(max(width, MIN_WIDTH), MAX_WIDTH)
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
