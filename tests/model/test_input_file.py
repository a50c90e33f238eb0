"""Only regular files of a bounded size are read."""

import os
from pathlib import Path

import pytest

from model import input_file
from model.errors import KnownError


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n")
    assert input_file.read_bytes(path) == b"a,b\n"
    with pytest.raises(KnownError, match="too large"):
        input_file.read_bytes(path, 3)


@pytest.mark.skipif(os.name != "posix", reason="pipes as on POSIX")
def test_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        input_file.read_bytes(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    for read in (input_file.read_bytes, input_file.refuse_special):
        with pytest.raises(KnownError, match="pipe"):
            read(tmp_path / "pipe")
    input_file.refuse_special(tmp_path / "missing")
