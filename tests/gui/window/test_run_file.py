import os
import signal
import subprocess
import sys
from pathlib import Path

from gui.window.run_file import take_leftover_reports

ROOT = Path(__file__).parents[3]
RUN = """
import os, sys, time
from pathlib import Path
from gui.window.run_file import RunFile

name = "Roe Jane 1960-01-01"
run = RunFile(Path(sys.argv[1]))
print("running", flush=True)
if sys.argv[2] == "crash":
    import ctypes
    ctypes.string_at(0)
sys.stdin.read()
"""


def start(folder: Path, end: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder), end],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline().strip() == b"running"
    return process


def finish(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait()
    process.stdout.close()


def test_a_run_that_ended_well_leaves_no_file(tmp_path):
    code = "import sys; from pathlib import Path; from gui.window.run_file import RunFile;"
    code += "run = RunFile(Path(sys.argv[1])); print(*Path(sys.argv[1]).glob('*.txt')); run.close()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert "run-" in done.stdout
    assert list(tmp_path.iterdir()) == []
    assert take_leftover_reports(tmp_path) == []


def test_a_crash_leaves_its_places_in_the_program_and_no_value(tmp_path):
    finish(start(tmp_path, "crash"))
    [report] = take_leftover_reports(tmp_path)
    assert "Segmentation fault" in report
    assert 'ctypes/__init__.py", line' in report
    assert str(Path(os.__file__).parent) not in report
    assert "Roe" not in report
    assert take_leftover_reports(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_an_empty_report(tmp_path):
    process = start(tmp_path, "wait")
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    finish(process)
    assert take_leftover_reports(tmp_path) == [""]


def test_a_run_that_goes_on_is_left_alone(tmp_path):
    process = start(tmp_path, "wait")
    assert take_leftover_reports(tmp_path) == []
    process.kill()
    finish(process)
    assert take_leftover_reports(tmp_path) == [""]
