"""Writing the file: whole or not at all."""

from __future__ import annotations

import os

import pytest

from gui.reports import pdf
from model.errors import KnownError


def test_a_file_is_written_whole(tmp_path):
    pdf.write(tmp_path / "one.pdf", b"%PDF")
    assert (tmp_path / "one.pdf").read_bytes() == b"%PDF"
    assert os.listdir(tmp_path) == ["one.pdf"]  # noqa: PTH208


def test_where_nothing_can_be_written_what_was_there_stays(tmp_path):
    taken = tmp_path / "taken.pdf"
    taken.mkdir()
    with pytest.raises(KnownError, match="cannot be written"):
        pdf.write(taken, b"%PDF")
    assert taken.is_dir()
    with pytest.raises(KnownError, match="What was there is as it was"):
        pdf.write(tmp_path / "no folder" / "one.pdf", b"%PDF")
