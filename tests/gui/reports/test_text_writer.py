"""Text on a page, which never exceeds its width."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QImage, QPainter

from gui.reports.text_writer import COMMA, TextWriter

NAMES = ("Haemoglobin", "Platelets", "Neutrophils", "Lymphocytes", "Creatinine", "Albumin")


@pytest.mark.usefixtures("light")
def test_a_line_has_room_for_the_comma_that_ends_it() -> None:
    picture = QImage(600, 40, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    writer = TextWriter(painter, QFont())
    try:
        for count in range(1, len(NAMES)):
            # As wide as some names without the comma, which then ends the line before the last.
            room = writer.width(COMMA.join(NAMES[:count]), 9)
            rows = writer.wrap_names(NAMES, COMMA, room, 9, max_lines=len(NAMES))
            if any(writer.width(f"{name},", 9) > room for name in NAMES):
                continue  # a name alone is wider
            assert all(writer.width(row, 9) <= room + 0.01 for row in rows)
            assert " ".join(rows).replace(",", "").split() == list(NAMES)
    finally:
        painter.end()
