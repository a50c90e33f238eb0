"""The cohort in the sentences of a report; each number in them opens its patients."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from gui.pages.cohort.report_action import copy_paragraph
from gui.style import theme
from gui.widgets.card import Card, button
from model.language import _

if TYPE_CHECKING:
    from model.cohort.paragraph.abstract import Paragraph


class ParagraphCard(Card):
    """The paragraph and its footnote. `opened` tells the line whose patients are asked for."""

    opened = Signal(object)
    edit_requested = Signal()
    """The template is to be edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(_("Paragraph"))
        self.heading.show()
        self.paragraph: Paragraph | None = None
        self.words = _Words()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.words.setAccessibleName(_("Paragraph"))
        self.words.linkActivated.connect(self._open)
        self.footnote = QLabel()
        self.footnote.setWordWrap(True)
        self.footnote.setTextFormat(Qt.TextFormat.PlainText)
        self.footnote.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_kind(self.footnote, "hint")
        self.copy_button = button(_("Copy"), "quiet")
        self.copy_button.setAccessibleName(_("Copy paragraph"))
        self.copy_button.clicked.connect(self.copy)
        self.copy_button.setEnabled(False)
        self.edit_button = button(_("Edit…"), "quiet")
        self.edit_button.setAccessibleName(_("Edit paragraph"))
        self.edit_button.setToolTip(_("The template that the paragraph is written by"))
        self.edit_button.clicked.connect(self.edit_requested)
        self.add_action(self.edit_button)
        self.add_action(self.copy_button)
        self.add(self.words)
        self.add(self.footnote)
        theme.changes().changed.connect(self._show)

    def show_paragraph(self, paragraph: Paragraph) -> None:
        """Show another paragraph."""
        self.paragraph = paragraph
        self.copy_button.setEnabled(True)
        self._show()

    def show_problem(self, sentence: str) -> None:
        """Say why there is none."""
        self.paragraph = None
        self.copy_button.setEnabled(False)
        self.words.setText(html.escape(sentence))
        self.footnote.setText("")

    def copy(self) -> None:
        """Put the paragraph with its footnote on the clipboard, for a letter or a manuscript."""
        if self.paragraph is not None:
            copy_paragraph(self, self.paragraph)

    def _show(self) -> None:
        if self.paragraph is None:
            return
        colour = theme.current().accent_text
        said = []
        for place, piece in enumerate(self.paragraph.pieces):
            words = html.escape(piece.text)
            if piece.line is not None and piece.line.patients:
                style = f"color: {colour}; text-decoration: none"
                words = f'<a href="{place}" style="{style}">{words}</a>'
            said.append(words)
        self.words.setText(f'<p style="line-height: 135%">{"".join(said)}</p>')
        self.footnote.setText(self.paragraph.footnote)

    def _open(self, place: str) -> None:
        if self.paragraph is not None:
            self.opened.emit(self.paragraph.pieces[int(place)].line)


class _Words(QLabel):
    """A label that only its width tells how high it is.

    Qt would lay the words out at several widths to find one that it likes, some 50 ms of them.
    """

    def sizeHint(self) -> QSize:
        """Little: the column gives the width."""
        return QSize(200, 20)

    def minimumSizeHint(self) -> QSize:
        """Little: the column gives the width."""
        return QSize(80, 20)
