"""The card with the cohort's paragraph for a manuscript; each number opens its patients."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from gui.forms.abstract_template import AbstractTemplateForm, Preview
from gui.session.session import Session
from gui.style import theme
from gui.widgets import exits, messages
from gui.widgets.card import Card, button
from gui.widgets.layout import label
from gui.widgets.undo_notice import take_step
from model.language import N_, _

if TYPE_CHECKING:
    from model.cohort.paragraph.abstract import Paragraph


class ParagraphCard(Card):
    """The paragraph and its footnote; `opened` carries the line of a number that was clicked."""

    opened = Signal(object)
    edit_requested = Signal()
    """The user wants to edit the template of the paragraph."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(_("Paragraph"))
        self.heading.show()
        self.paragraph: Paragraph | None = None
        self.text_label = _ParagraphLabel()
        self.text_label.setWordWrap(True)
        self.text_label.setTextFormat(Qt.TextFormat.RichText)
        self.text_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text_label.setAccessibleName(_("Paragraph"))
        self.text_label.linkActivated.connect(self._open)
        self.footnote = label("", "hint", wrap=True, plain=True)
        self.footnote.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = button(_("Copy"), "quiet", on=self.copy)
        self.copy_button.setAccessibleName(_("Copy paragraph"))
        self.copy_button.setEnabled(False)
        self.edit_button = button(_("Edit…"), "quiet", on=self.edit_requested)
        self.edit_button.setAccessibleName(_("Edit paragraph"))
        self.edit_button.setToolTip(_("Edit the template of the paragraph"))
        self.add_action(self.edit_button)
        self.add_action(self.copy_button)
        self.add(self.text_label)
        self.add(self.footnote)
        theme.changes().changed.connect(self._show)

    def show_paragraph(self, paragraph: Paragraph) -> None:
        """Show another paragraph."""
        self.paragraph = paragraph
        self.copy_button.setEnabled(True)
        self._show()

    def show_problem(self, sentence: str) -> None:
        """Show why there is no paragraph."""
        self.paragraph = None
        self.copy_button.setEnabled(False)
        self.text_label.setText(html.escape(sentence))
        self.footnote.setText("")

    def copy(self) -> None:
        """Copy the paragraph with its footnote, as plain text and as HTML for word processors."""
        if self.paragraph is None:
            return
        data = QMimeData()
        data.setText(self.paragraph.whole)
        data.setHtml(self.paragraph.html)
        exits.copy(self, N_("Copy paragraph"), data)
        messages.notice(self, _("The paragraph and its definitions were copied."))

    def _show(self) -> None:
        if self.paragraph is None:
            return
        colour = theme.current().accent_text
        style = f"color: {colour}; text-decoration: none"
        parts = []
        for index, piece in enumerate(self.paragraph.pieces):
            text = html.escape(piece.text)
            if piece.line is not None and piece.line.patients:
                text = f'<a href="{index}" style="{style}">{text}</a>'
            parts.append(text)
        self.text_label.setText(f'<p style="line-height: 135%">{"".join(parts)}</p>')
        self.footnote.setText(self.paragraph.footnote)

    def _open(self, link: str) -> None:
        if self.paragraph is not None:
            self.opened.emit(self.paragraph.pieces[int(link)].line)


def edit_paragraph(window: QWidget, session: Session, preview: Preview) -> None:
    """Let the user edit the template of the paragraph, and save it in the casebook.

    `preview` returns what a template yields; it raises KnownError for one that cannot be filled in.
    """
    from model.cohort.paragraph import abstract

    seen = {abstract.TEMPLATE: session.casebook.setting(abstract.TEMPLATE)}
    template = AbstractTemplateForm.ask(window, abstract.saved_template(session.casebook), preview)
    if template is not None:
        label = N_("Edit paragraph")
        take_step(
            window, session, label, lambda step: abstract.save_template(step, template), seen=seen
        )


class _ParagraphLabel(QLabel):
    """A label that takes the width of its column.

    For another label, Qt lays the text out at several widths to find the best, which takes 50 ms.
    """

    def sizeHint(self) -> QSize:
        """Return a small size, as the column decides the width."""
        return QSize(200, 20)

    def minimumSizeHint(self) -> QSize:
        """Return a small size, as `sizeHint` does."""
        return QSize(80, 20)
