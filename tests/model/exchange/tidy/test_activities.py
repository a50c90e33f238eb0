"""Activities that cannot be are faults of a tidy folder, as they are in the window."""

from pathlib import Path

import pytest

from model.errors import BadFolder
from model.exchange.tidy import reading as tidy_reading
from model.records.administrations import Administration


def test_an_impossible_activity_is_a_fault_with_its_line(folder: Path) -> None:
    path = folder / "administrations.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace(",MBq,", ",GBq,8", 1), "utf-8")
    with pytest.raises(BadFolder) as raised:
        tidy_reading.read(folder)
    assert raised.value.faults == [
        "administrations.csv, line 2, column activity: 8 GBq of 225Ac is impossible: 2–20 MBq is"
        " usual. Do you mean 8 MBq?"
    ]


def test_an_unusual_activity_is_read_without_a_question(folder: Path) -> None:
    path = folder / "administrations.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace(",MBq,", ",MBq,40", 1), "utf-8")
    given = tidy_reading.read(folder).contents.of(Administration)[0]
    assert given.activity_mbq == 40.0
