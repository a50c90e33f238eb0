"""Each fault of a file of laboratory limits is named, and nothing is read."""

from pathlib import Path

import pytest

from model.errors import BadFolder
from model.exchange.laboratory_limits import read_limits


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("analyte;unit;lln;uln\nhb;g/dL;12;16\n", "separated by semicolons"),
        ("unit,lln,uln\ng/dL,12,16\n", "column is missing"),
        ("analyte,lln,lln\nhb,12,13\n", "twice"),
        ("analyte,lln,gender\nhb,12,F\n", "column is unknown"),
        ("analyte,lln,uln\nhb,12\n", "differ in the number of cells"),
        ("analyte,unit,lln\nhb,g/dL,12\n\nhb,g/dL,13\n", "same case"),
        ("analyte," + ",".join(f"c{n}" for n in range(2_500)) + "\n", "more than"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "limits.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadFolder, match=fault):
        read_limits(path)
