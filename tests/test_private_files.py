"""Files that the program makes are the user's alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "resources" / "demo"


@pytest.mark.skipif(os.name != "posix", reason="permissions as on POSIX")
def test_every_file_of_every_command_is_private(tmp_path: Path) -> None:
    def run(*arguments: object) -> None:
        command = [sys.executable, "main.py", *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300, umask=0o022)

    path = tmp_path / "mine.theralog"
    run("new", path, "--from", DEMO)
    run("export", path, "--to", tmp_path / "out")
    run("backup", path)
    run("restore", path)
    run("salvage", path, "--to", tmp_path / "new.theralog")
    for each in (*tmp_path.iterdir(), *(tmp_path / "out").rglob("*")):
        assert each.stat().st_mode & 0o077 == 0, each
    made = {each.suffix for each in tmp_path.iterdir()}
    assert made == {".theralog", ""}


@pytest.mark.skipif(os.name != "posix", reason="core dumps as on POSIX")
def test_a_crash_writes_no_memory_to_the_disk() -> None:
    script = (
        "import resource, main; main.main(['--version']);"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "(0, 0)"
