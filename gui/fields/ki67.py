"""Ki-67 as a pathologist writes it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from gui.fields.base import LineField
from gui.style import theme
from model.errors import KnownError
from model.language import _
from model.reference.proliferation import Ki67, parse_ki67


class Ki67Field(LineField[Ki67]):
    """A Ki-67 in percent: a figure, `<2`, `>20` or `20-25`; None when empty.

    Where it is not a plain figure, the one that statistics use is shown under the field.
    """

    def __init__(self) -> None:
        super().__init__(_("15, <2 or 20-25"))
        unit = QLabel("%")
        theme.set_kind(unit, "soft")
        self._row.addWidget(unit, 1)

    def value(self) -> Ki67 | None:
        """Return what was typed; raises KnownError if it cannot be read."""
        return parse_ki67(self.raw()) if self.raw() else None

    def set_value(self, value: Ki67 | None) -> None:
        """Show a Ki-67 as it was written."""
        figure = f"{value.figure:.15g}" if value else ""
        self.edit.setText((value.written if value else None) or figure)

    def _typed(self) -> None:
        try:
            typed = self.value()
        except KnownError:
            typed = None
        hint = ""
        if typed is not None and typed.written is not None:
            text = _("Kept as written; counts as {figure} % in medians and plots.")
            hint = text.format(figure=f"{typed.figure:g}")
        self.show_hint(hint)
        super()._typed()
