"""A file of a laboratory's limits is read whole: no column or word of it is passed over."""

from datetime import date
from pathlib import Path

import pytest

from model.errors import BadFolder
from model.exchange.laboratory_limits import read_limits


def written(folder: Path, text: str) -> Path:
    path = folder / "limits.csv"
    path.write_text(text)
    return path


def test_columns_and_sexes_are_known_in_any_case(tmp_path: Path) -> None:
    text = "Analyte,UNIT,Sex,Valid from,LLN\nhb,g/dL,female,2024-01-01,12\n"
    (limit,) = read_limits(written(tmp_path, text))
    assert (limit.sex, limit.valid_from) == ("F", date(2024, 1, 1))


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    """Limits for women under “gender” would apply to everybody."""
    text = "analyte,unit,gender,lln\nhb,g/dL,F,12\n"
    with pytest.raises(BadFolder, match=r"column gender: The column is unknown"):
        read_limits(written(tmp_path, text))


def test_a_comma_for_thousands_is_refused_with_both_readings(tmp_path: Path) -> None:
    text = 'analyte,unit,lln\nwbc,/uL,"4,000"\n'
    with pytest.raises(BadFolder, match=r"can mean 4.000 or 4000"):
        read_limits(written(tmp_path, text))
