"""A file is whole or as it was before, whatever the disk does."""

import os
from pathlib import Path

import pytest

from model import whole_file
from model.errors import KnownError


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_is_written_whole_and_nothing_is_left_next_to_it(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    whole_file.write(path, b"%PDF")
    whole_file.write(path, b"%PDF-2")
    assert path.read_bytes() == b"%PDF-2"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("module", ["replace", "write_bytes", "fsync"])
def test_a_full_disk_leaves_the_existing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    path = tmp_path / "one.csv"
    path.write_bytes(b"before")
    monkeypatch.setattr(os if module == "fsync" else Path, module, full)
    with pytest.raises(KnownError, match=r"No space left on device. What was there is unchanged"):
        whole_file.write(path, b"after")
    monkeypatch.undo()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_block_leaves_the_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_bytes(b"before")

    def write_half() -> None:
        with whole_file.replace_file(path) as making:
            making.write_bytes(b"half")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        write_half()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_where_nothing_can_be_written_existing_files_stay(tmp_path: Path) -> None:
    taken = tmp_path / "taken.pdf"
    taken.mkdir()
    with pytest.raises(KnownError, match="cannot be written"):
        whole_file.write(taken, b"%PDF")
    assert taken.is_dir()
    with pytest.raises(KnownError, match="What was there is unchanged"):
        whole_file.write(tmp_path / "no folder" / "one.pdf", b"%PDF")


def test_permissions_are_preserved_and_links_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "one.csv", tmp_path / "link.csv"
    whole_file.write(path, b"1")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    link.symlink_to(path)
    whole_file.write(link, b"2")
    assert link.is_symlink()
    assert path.read_bytes() == b"2"
    assert path.stat().st_mode & 0o777 == 0o640


def test_in_a_folder_without_write_permission_an_existing_file_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(b"before")
    write_bytes = Path.write_bytes

    def only_existing(self: Path, content: bytes) -> int:
        if not self.exists():
            raise PermissionError(13, "Permission denied")
        return write_bytes(self, content)

    monkeypatch.setattr(Path, "write_bytes", only_existing)
    whole_file.write(path, b"after")
    assert path.read_bytes() == b"after"
    with pytest.raises(KnownError, match="Permission denied"):
        whole_file.write(tmp_path / "two.pdf", b"new")


def test_a_temporary_folder_is_removed_with_its_files(tmp_path: Path) -> None:
    with whole_file.temporary_path(tmp_path / "export") as making:
        making.mkdir()
        (making / "one.csv").write_text("1")
    assert list(tmp_path.iterdir()) == []
