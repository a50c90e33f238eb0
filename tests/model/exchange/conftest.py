"""Folders to read: the demo cohort, copied so that a test may spoil it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "files" / "demo_v1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo folder, with the first of its many results."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "folder"))
    labs = (folder / "labs.csv").read_bytes().splitlines(keepends=True)
    (folder / "labs.csv").write_bytes(b"".join(labs[:40]))
    return folder


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Replace a text in a file of the folder, once; it must be there."""

    def edit(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_bytes().decode()
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())

    return edit
