"""What a killed program left under a temporary name is removed at the next start, and named."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model import unfinished, whole_file

ROOT = Path(__file__).parents[2]

_WRITE = """
import sys, time
from pathlib import Path
from model import whole_file
with whole_file.temporary_path(Path(sys.argv[1])) as temporary:
    temporary.mkdir()
    (temporary / "patients.csv").write_text("P-1")
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="a kill as on POSIX")
def test_a_killed_export_is_removed_and_named_a_running_one_is_left(
    tmp_path: Path, folder_of_data: Path
) -> None:
    processes = []
    for name in ("killed", "running"):
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", _WRITE, str(tmp_path / name)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        assert processes[-1].stdout is not None
        assert processes[-1].stdout.readline() == "writing\n"
    processes[0].send_signal(signal.SIGKILL)
    processes[0].wait()
    try:
        assert len(list(tmp_path.glob(".*.*"))) == 2
        assert unfinished.sweep() == ["killed"]
        (left,) = tmp_path.glob(".*.*")
        assert left.name.startswith(".running.")
        assert unfinished.sweep() == []
    finally:
        processes[1].kill()
        for process in processes:
            process.communicate()
    assert unfinished.sweep() == ["running"]
    assert list(tmp_path.glob(".*.*")) == []


def test_a_note_that_names_anything_else_is_not_followed(
    tmp_path: Path, folder_of_data: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    folder = unfinished._notes_folder() / "0123"
    folder.mkdir(parents=True)
    (folder / "note").write_text(str(precious))
    assert unfinished.sweep() == []
    assert precious.exists()
    assert not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions as on POSIX")
def test_new_files_are_the_users_alone_and_old_ones_keep_their_permissions(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    whole_file.write(path, b"1")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    whole_file.write(path, b"2")
    assert path.stat().st_mode & 0o777 == 0o640
