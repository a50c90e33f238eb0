"""Two fields of one row, such as an activity and its time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.fields.base import Field
from gui.forms.form import Form
from gui.style import theme

LABEL_WIDTH = 46


def add_beside(
    form: Form[Any], first: Field[Any], label: str, second: Field[Any], name: str
) -> None:
    """Put a second field with a label of its own into the row of one that was added before.

    It is one of the form's fields, called `name`, and as wide as its line, which has a fixed width.
    """
    plain = label.replace("&", "")
    second.set_label(plain)
    words = QLabel(label)
    words.setBuddy(second.input())
    theme.set_kind(words, "soft")
    # One above the other, whatever stands left of them.
    words.setFixedWidth(LABEL_WIDTH)
    words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    spare = second.input().sizeHint().height() - words.fontMetrics().height()
    words.setContentsMargins(0, max(spare // 2, 0), 0, 0)
    second.setFixedWidth(second.input().minimumWidth())
    first.put_beside(words)
    first.put_beside(second)
    form.fields[name] = second
    second.input().installEventFilter(form)
