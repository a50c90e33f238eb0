"""The form of the cohort paragraph's template, with a preview of the paragraph."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.fields.text import MultilineField
from gui.forms.form import Form
from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import label
from model.cohort.paragraph import names as abstract_names
from model.cohort.paragraph import template as abstract_template
from model.errors import InvalidRecord, KnownError
from model.language import _

_TEMPLATE_LINES = 12
_PREVIEW_HEIGHT = 130
_PREVIEW_DELAY = 200
"""Milliseconds without a key before the preview is renewed."""

Preview = Callable[[str], str]
"""Returns the paragraph of a template; raises KnownError for an invalid one."""


class AbstractTemplateForm(Form[str]):
    """`AbstractTemplateForm.ask(parent, template, preview)` returns the edited template.

    A template with unknown names is refused; the form shows them and stays open.
    """

    def __init__(self, parent: QWidget | None, template: str, preview: Preview) -> None:
        super().__init__(parent, _("Edit paragraph"))
        self._preview = preview
        self.add_section()
        self.template = self.add_row(
            "template",
            _("&Template"),
            MultilineField(required=True, lines=_TEMPLATE_LINES),
        )
        self.template.set_value(template)
        self.shown = label(wrap=True, plain=True)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.shown.setAccessibleName(_("The paragraph by this template"))
        self.shown.setMargin(8)
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.StyledPanel)
        scrolled.setWidget(self.shown)
        scrolled.setFixedHeight(_PREVIEW_HEIGHT)
        scrolled.setAccessibleName(_("Preview"))
        self.add_wide(scrolled)
        names = _("Numbers: {numbers}.\nLists and words: {lists}.").format(
            numbers=", ".join(abstract_names.NUMBERS),
            lists=", ".join((*abstract_names.LISTS, *abstract_names.TEXTS)),
        )
        self.names = self.add_text(names, "soft")
        self.names.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.restore_button = button(_("&Restore"), on=self._restore)
        self.restore_button.setToolTip(_("The template that came with Theralog"))
        self.add_button(self.restore_button)
        self._preview_timer = QTimer(self)
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(_PREVIEW_DELAY)
        self._preview_timer.timeout.connect(self._show_preview)
        self.template.changed.connect(self._preview_timer.start)
        self._show_preview()

    def sizeHint(self) -> QSize:
        """Return a width that shows a sentence with its placeholders."""
        return super().sizeHint().expandedTo(QSize(860, 0))

    def save(self) -> str:
        """Return the template; raises InvalidRecord with its problems, such as unknown names."""
        template = self.template.value() or ""
        if faults := abstract_names.problems(template):
            raise InvalidRecord({"template": " ".join(faults)})
        return template

    @Slot()
    def _show_preview(self) -> None:
        try:
            text, kind = self._preview(self.template.value() or "#"), ""
        except KnownError as error:
            text, kind = str(error), "problem"
        self.shown.setText(text)
        theme.set_kind(self.shown, kind)

    @Slot()
    def _restore(self) -> None:
        self.template.set_value(abstract_template.shipped())
        self._show_preview()
