"""The sentence on how an administered activity was calculated."""

from __future__ import annotations

from dataclasses import replace
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


def test_the_start_names_its_date_where_only_the_residual_is_decayed_from_another_day():
    administration = Administration(
        number=1,
        nuclide="225Ac",
        unit="MBq",
        measured_mbq=6.2,
        residual_mbq=0.1,
        residual_at=datetime(2025, 3, 11, 9),
        started_at=datetime(2025, 3, 10, 10),
    )
    assert "0.10 decayed to 2025-03-10 10:00" in administered_text(administration)
    same_day = replace(administration, residual_at=datetime(2025, 3, 10, 11))
    assert "0.10 decayed to 10:00" in administered_text(same_day)
