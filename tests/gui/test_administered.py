"""The sentence on how an administered activity was calculated."""

from __future__ import annotations

from datetime import datetime

from gui.administered import administered_text
from model.records.administrations import Administration


def test_a_residual_with_a_time_but_no_activity_is_not_in_the_calculation():
    given = Administration(
        number=1,
        nuclide="225Ac",
        unit="MBq",
        measured_mbq=6.2,
        residual_at=datetime(2025, 3, 10, 11),
        started_at=datetime(2025, 3, 10, 10),
    )
    text = administered_text(given)
    assert "None" not in text
    assert text.endswith("6.20, without decay: the time of the measurement is missing")
