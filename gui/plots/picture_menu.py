"""The menu that copies a plot or saves it as a picture; pyqtgraph is imported on first use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, QSettings, QStandardPaths
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gui.widgets import exits, messages
from model import whole_file
from model.errors import KnownError
from model.language import N_, _

if TYPE_CHECKING:
    from gui.plots.pictures import PaintedPlot, Plot

FOLDER = "pictures/folder"
CAPTION = "pictures/caption"
"""Keys of the user's settings."""

COPY_DPI = 192
"""Twice the resolution of the screen, which is sharp on a slide and still a small file."""

_NOT_IN_NAMES = re.compile(r'[\s\\/:*?"<>|\x00-\x1f]+')


def picture_menu(
    parent: QWidget,
    plot: Callable[[], Plot | PaintedPlot | None],
    name: Callable[[], str],
    caption: Callable[[], str] | None = None,
) -> QMenu:
    """Return a menu that makes pictures of the plot that `plot` returns, in the colours of print.

    `name` returns the suggested file name without its ending (`SYN-001 course`), in which blanks
    become hyphens. `caption` returns a line with patient and content, which the user may have
    below the picture.
    """
    menu = QMenu(parent)
    maker = _PictureMaker(menu, parent, plot, name, caption)
    menu.addAction(_("&Copy picture"), maker.copy)
    menu.addAction(_("Save as &PNG…"), lambda: maker.save("png"))
    menu.addAction(_("Save as &SVG…"), lambda: maker.save("svg"))
    if caption is not None:
        menu.addSeparator()
        menu.addAction(maker.caption_action)
    return menu


class _PictureMaker(QObject):
    """Carries out the actions of the menu, which owns it."""

    def __init__(
        self,
        menu: QMenu,
        page: QWidget,
        plot: Callable[[], Plot | PaintedPlot | None],
        name: Callable[[], str],
        caption: Callable[[], str] | None,
    ) -> None:
        super().__init__(menu)
        self._page = page
        self._plot = plot
        self._name = name
        self._caption = caption
        self.caption_action = QAction(_("With a &caption naming the patient"), self)
        self.caption_action.setCheckable(True)
        self.caption_action.setChecked(QSettings().value(CAPTION, True, type=bool) is True)
        self.caption_action.toggled.connect(_remember_caption)

    def copy(self) -> None:
        """Put the picture on the clipboard as pixels and as SVG; the other program chooses one."""
        from gui.plots import pictures

        if (plot := self._plot_or_notice()) is None:
            return
        data = QMimeData()
        data.setImageData(pictures.image(plot, COPY_DPI, self._caption_text()))
        data.setData("image/svg+xml", pictures.svg(plot, self._caption_text()))
        try:
            exits.copy(self._page, N_("Copy picture"), data, {"picture": self._name()})
        except KnownError as error:
            messages.error(self._page, error)
            return
        messages.notice(self._page, _("The picture is on the clipboard."))

    def save(self, ending: str) -> None:
        """Ask for a file and save the picture: a PNG with 300 dpi, or an SVG of shapes and text."""
        from gui.plots import pictures

        if not (plot := self._plot_or_notice()):
            return
        name = _NOT_IN_NAMES.sub("-", self._name()).strip("-.") or "picture"
        file_name, _filter = QFileDialog.getSaveFileName(
            self._page,
            _("Save picture"),
            str(_folder() / f"{name}.{ending}"),
            f"{ending.upper()} (*.{ending})",
        )
        if not file_name:
            return
        path = Path(file_name)
        if not path.suffix:
            path = path.with_suffix(f".{ending}")
        make = pictures.png if ending == "png" else pictures.svg
        try:
            with exits.saving(self._page, N_("Save picture"), path):
                whole_file.write(path, make(plot, caption=self._caption_text()))
        except KnownError as error:
            messages.error(self._page, error)
            return
        QSettings().setValue(FOLDER, str(path.parent))
        sentence = _("The picture was saved as “{name}”.")
        dpi = pictures.allowed_dpi(plot, caption=self._caption_text())
        if ending == "png" and dpi < pictures.PRINT_DPI:
            sentence = _(
                "The picture was saved as “{name}”. "
                "It has {dpi} dpi: with more it would be too high."
            )
        messages.notice(self._page, sentence.format(name=path.name, dpi=dpi))

    def _plot_or_notice(self) -> Any:
        """Return the plot, or None with a notice if it is empty."""
        plot = self._plot()
        if plot is not None and getattr(plot, "is_empty", False):
            messages.notice(self._page, _("There is nothing to draw."))
            return None
        return plot

    def _caption_text(self) -> str:
        if self._caption is None or not self.caption_action.isChecked():
            return ""
        return self._caption()


def _folder() -> Path:
    """Return the folder of the last picture, or else the user's folder for pictures."""
    folder = QSettings().value(FOLDER)
    if isinstance(folder, str) and Path(folder).is_dir():
        return Path(folder)
    location = QStandardPaths.StandardLocation.PicturesLocation
    return Path(QStandardPaths.writableLocation(location) or Path.home())


def _remember_caption(has_caption: bool) -> None:
    QSettings().setValue(CAPTION, has_caption)
