"""The command line: exit codes, one sentence on standard error, and nothing loaded for help."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from commands.shared import INVALID_DATA, PASSPHRASE_VARIABLE, WRONG_USAGE
from model.cohort import saved_selections
from model.cohort.selection import Filter, FilterKind, Selection
from model.errors import PassphraseNeeded
from model.store.casebook import Casebook

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "tests" / "files" / "demo_v1"


@pytest.fixture(autouse=True)
def _no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)


@pytest.fixture
def casebook(tmp_path: Path) -> Path:
    """An empty casebook without a passphrase."""
    path = tmp_path / "mine.theralog"
    Casebook.create(path).close()
    return path


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, f"{ROOT / 'main.py'}", *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
        env=os.environ | environment,
    )


def called(*arguments: str | Path) -> int:
    return main.main([str(argument) for argument in arguments])


def test_help_loads_neither_qt_nor_pandas_nor_the_store() -> None:
    script = (
        "import sys, main; code = main.main(['--help']);"
        "heavy = {'PySide6', 'pandas', 'numpy', 'scipy', 'sqlite_utils', 'sqlcipher3'};"
        "print(sorted(heavy & set(sys.modules))); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=300,
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "export" in done.stdout


def test_every_command_has_a_help_text(capsys: pytest.CaptureFixture[str]) -> None:
    for name, command in main.cli.commands.items():
        assert command.help
        assert called(name, "--help") == 0
    assert "Usage: theralog" in capsys.readouterr().out


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("--version") == 0
    assert capsys.readouterr().out.startswith("theralog 0.")


def test_a_folder_becomes_a_casebook_and_a_folder_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first.theralog", tmp_path / "second.theralog"
    made = run("new", first, "--from", DEMO)
    assert (made.returncode, made.stdout) == (0, "")
    assert made.stderr == "“first.theralog” has no passphrase: anyone can read it.\n"
    assert run("export", first, "--to", tmp_path / "one", "--format", "csv").returncode == 0
    assert run("new", second, "--from", tmp_path / "one").returncode == 0
    assert run("export", second, "--to", tmp_path / "two").returncode == 0
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").rglob("*.*")}
    two = {path.name: path.read_bytes() for path in (tmp_path / "two").rglob("*.*")}
    # Two casebooks have two journals.
    assert one.pop("journal_anchor.csv") != two.pop("journal_anchor.csv")
    assert one == two
    checked = run("check", second)
    assert (checked.returncode, checked.stdout) == (0, "“second.theralog” has no problems.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("ended_by", ["SIGTERM", "SIGHUP"])
def test_an_export_that_is_ended_leaves_nothing_behind(
    casebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended_by: str
) -> None:
    from model.exchange import cohort_files

    monkeypatch.setattr(
        cohort_files,
        "summary_rows",
        lambda _: os.kill(os.getpid(), getattr(signal, ended_by)) or iter(()),
    )
    before = signal.getsignal(getattr(signal, ended_by))
    assert called("export", casebook, "--to", tmp_path / "out") == 1
    assert [path.name for path in tmp_path.iterdir()] == [casebook.name]
    assert signal.getsignal(getattr(signal, ended_by)) == before


def test_a_pseudonymised_workbook_names_small_counts_and_keeps_the_codes(tmp_path: Path) -> None:
    path = tmp_path / "demo.theralog"
    assert called("new", path, "--from", DEMO) == 0
    hidden = ("export", path, "--pseudonymised", "--format", "xlsx", "--to")
    done = run(*hidden, tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "")
    first, *others = done.stderr.splitlines()
    assert first == "These counts of fewer than five patients may identify them:"
    assert "  Baseline: primary site: small_bowel 3, colorectum 1, unknown 1" in others
    assert not [line for line in others if "SYN-" in line]
    assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == [
        "abstract.txt",
        "theralog.xlsx",
    ]
    assert called(*hidden, tmp_path / "again", "--same-codes") == 0
    with Casebook.open(path) as casebook:
        codes = casebook.rows("select distinct code from pseudonym")
    assert len(codes) == 20
    imported = run("new", tmp_path / "new.theralog", "--from", tmp_path / "out")
    assert imported.returncode == 1
    assert called("check", path) == 0


def test_a_pseudonymised_folder_cannot_be_imported_which_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "demo.theralog"
    assert called("new", path, "--from", DEMO) == 0
    assert called("export", path, "--pseudonymised", "--to", tmp_path / "out") == 0
    done = run("new", tmp_path / "new.theralog", "--from", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is a pseudonymised export" in done.stderr
    assert not (tmp_path / "new.theralog").exists()


def test_a_selection_is_exported_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demo.theralog"
    assert called("new", path, "--from", DEMO) == 0
    women = Selection(name="women", filters=(Filter(kind=FilterKind.SEX, values=("F",)),))
    with Casebook.open(path) as casebook, casebook.step("Save") as step:
        saved_selections.save_selection(step, women)
    assert called("export", path, "--to", tmp_path / "out", "--selection", "women", "--bom") == 0
    assert len((tmp_path / "out" / "patients.csv").read_text("utf-8-sig").splitlines()) == 10
    assert called("export", path, "--to", tmp_path / "no", "--selection", "men") == 2
    assert "It has “women”." in capsys.readouterr().err


def test_a_bad_folder_gives_a_line_for_each_fault_and_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "patients.csv").write_text("patient_id,sex\nP-1,Z\n")
    (folder / "qol.csv").write_text("patient_id,date,statement,mood\nP-2,2024-02-30,tired,low\n")
    (folder / "metastases.csv").write_text("patient_id\nP-1\n")
    done = run("new", tmp_path / "new.theralog", "--from", folder)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert "patients.csv, line 2, column sex: “Z” is not one of F, M, X." in lines
    assert any(line.startswith("metastases.csv, line 1, column site") for line in lines)
    assert any(line.startswith("qol.csv, line 2, column date: “2024-02-30”") for line in lines)
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_column_left_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    header = (DEMO / "patients.csv").read_text("utf-8").splitlines()[0]
    (folder / "patients.csv").write_text(f"{header},shoe\nP-1,F,,,,,,,,38\n")
    assert called("new", tmp_path / "new.theralog", "--from", folder) == 0
    told = capsys.readouterr().err
    assert "patients.csv: the column “shoe” is unknown and was ignored." in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new"], "CASEBOOK"),
        (["new", "{there}"], "already"),
        (["new", "{none}/x/new.theralog"], "no folder"),
        (["new", "{none}", "--from", "{none}"], "does not exist"),
        (["export", "{there}"], "--to"),
        (["export", "{there}", "--to", "{folder}"], "not of an earlier export"),
        (["export", "{none}", "--to", "{none}"], "There is no file"),
        (["export", "{there}", "--to", "{none}", "--format", "pdf"], "pdf"),
        (["export", "{there}", "--to", "{none}", "--same-codes"], "--pseudonymised"),
        (
            ["export", "{there}", "--to", "{none}", "--pseudonymised", "--same-codes"],
            "no earlier pseudonymised export",
        ),
        (["export", "{there}", "--to", "{none}", "--bom", "--format", "xlsx"], "Only CSV files"),
        (["export", "{there}", "--to", "{none}", "--selection", "mine"], "no selection “mine”"),
        (["check", "{none}"], "There is no file"),
        (["backup", "{there}", "--to", "{there}"], "already"),
        (["grade", "{there}"], "--ctcae"),
        (["grade", "{there}", "--ctcae", "4.0"], "4.0"),
        (["{none}"], "no command of this name"),
        (["{there}", "{there}"], "unexpected extra argument"),
        (["--demo", "check", "{there}"], "--demo"),
        (["--nonsense"], "--nonsense"),
        (["check", "{there}", "--passphrase-file", "{empty}"], ""),
    ],
)
def test_a_wrong_call_is_told_in_one_sentence_with_code_2(
    casebook: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.docx").write_text("mine")
    (tmp_path / "empty").write_text("\n")
    places = {
        "there": casebook,
        "none": tmp_path / "none",
        "folder": tmp_path / "folder",
        "empty": tmp_path / "empty",
    }
    code = called(*(argument.format(**places) for argument in arguments))
    error = capsys.readouterr().err
    assert said in error
    # A casebook without a passphrase has no use for the file that was named.
    assert code == (0 if "empty" in arguments[-1] else 2)
    assert error.count("\n") == (0 if code == 0 else 1)


def test_another_file_is_told_with_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleague")
    assert called("check", tmp_path / "letter.txt") == 1
    assert capsys.readouterr().err == (
        "“letter.txt” is not a Theralog casebook. It was left as it is.\n"
    )


def test_findings_give_code_1(casebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sqlcipher3 import dbapi2 as sqlcipher

    connection = sqlcipher.connect(str(casebook))
    connection.execute("pragma foreign_keys = off")
    connection.execute(
        "insert into note (id, patient_id, written_on, text, changed_at)"
        " values (1, 2, '2024-01-01', 'x', 'now')"
    )
    connection.commit()
    connection.close()
    assert called("check", casebook) == 1
    assert "refers to a row of “patient” that does not exist" in capsys.readouterr().err


def test_what_is_unlikely_is_named_by_the_import_and_by_a_check(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "patients.csv").write_text("patient_id\nT-1\n")
    (folder / "cycles.csv").write_text("patient_id,cycle_no,date\nT-1,1,2099-01-01\n")
    sentence = "1 Jan 2099 is in the future."
    path = tmp_path / "new.theralog"
    made = run("new", path, "--from", folder)
    assert made.returncode == 0
    assert made.stderr.splitlines()[0] == f"cycles.csv, line 2, column date: {sentence}"
    checked = run("check", path)
    assert checked.returncode == 0
    assert checked.stderr == f"Patient T-1, Cycle 1 of 2099-01-01: {sentence}\n"
    assert checked.stdout == "“new.theralog” has no problems, but 1 unlikely value: see above.\n"


def test_a_passphrase_comes_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, file = tmp_path / "secret.theralog", tmp_path / "passphrase"
    file.write_text("open sesame\nsecond line\n", "utf-8")
    assert called("new", path, "--passphrase-file", file) == 0
    with pytest.raises(PassphraseNeeded):
        Casebook.open(path)
    assert called("check", path, "--passphrase-file", file) == 0
    file.write_text("\ufeffopen sesame\n", "utf-8")
    assert called("check", path, "--passphrase-file", file) == 0
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "\udcff")
    assert called("check", path) == 2
    assert "not readable text" in capsys.readouterr().err
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong")
    assert called("check", path) == 1
    assert "does not open" in capsys.readouterr().err
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "open sesame")
    assert called("check", path) == 0
    assert called("export", path, "--to", tmp_path / "out") == 0


def test_an_encrypted_casebook_without_a_passphrase_is_code_1(tmp_path: Path) -> None:
    path = tmp_path / "secret.theralog"
    Casebook.create(path, "open sesame").close()
    done = run("export", path, "--to", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("“secret.theralog” is encrypted.")
    assert not (tmp_path / "out").exists()


def test_a_backup_says_where_it_is(casebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called("backup", casebook) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.parent == casebook.parent
    with Casebook.open(path) as copy:
        assert copy.rows("select count(*) as n from patient") == [{"n": 0}]
    assert called("backup", casebook, "--to", casebook.parent / "copy.theralog") == 0


def test_the_newest_backup_is_restored_and_what_was_there_is_kept(
    casebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("restore", casebook) == 2
    assert "no backup" in capsys.readouterr().err
    assert called("backup", casebook) == 0
    with Casebook.open(casebook) as changed, changed.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    capsys.readouterr()
    assert called("restore", casebook) == 0
    restored, kept = capsys.readouterr().out.splitlines()
    assert "is restored from" in restored
    assert "before restore" in kept
    with Casebook.open(casebook) as copy:
        assert copy.rows("select count(*) as n from patient") == [{"n": 0}]


def test_a_damaged_casebook_is_salvaged(
    demo_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = demo_copy.read_bytes()
    for page in range(len(whole) // 4096 // 2, 0, -1):  # the first that is in use
        damaged = whole[: page * 4096] + b"\xaa" * 4096 + whole[(page + 1) * 4096 :]
        demo_copy.write_bytes(damaged)
        if called("check", demo_copy) == 1 and "damaged" in capsys.readouterr().err:
            break
    capsys.readouterr()
    new = tmp_path / "new.theralog"
    assert called("salvage", demo_copy, "--to", new) == 0
    assert capsys.readouterr().out.startswith("“new.theralog” has ")
    assert called("check", new) == 0


def test_a_patient_is_erased_and_backups_that_still_have_it_are_named(
    demo_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("backup", demo_copy) == 0
    backup = capsys.readouterr().out.strip()
    arguments = ("erase", demo_copy, "--patient", "SYN-003", "--reason", "On request")
    assert called(*arguments, "--yes") == 0
    output = capsys.readouterr()
    assert "rows were erased" in output.out
    assert backup in output.err
    assert b"SYN-003" not in demo_copy.read_bytes()
    assert called(*arguments, "--yes") == 2
    assert called("check", demo_copy) == 0


def test_results_are_graded_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "labs.csv").write_text("analyte,value,unit,lln,uln\nPLT,44,10*9/L,150,400\n")
    done = run("grade", tmp_path / "labs.csv", "--ctcae", "5.0")
    assert (done.returncode, done.stderr) == (0, "")
    header, row = done.stdout.splitlines()[:2]
    assert header == "analyte,value,unit,lln,uln,term,direction,grade,reason"
    assert row.startswith("PLT,44,10*9/L,150,400,Platelet count decreased,L,3,")
    (tmp_path / "bad.csv").write_text("analyte,value\nPLT,44\n")
    done = run("grade", tmp_path / "bad.csv", "--ctcae", "5.0")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_reader_that_leaves_early_gives_no_traceback(tmp_path: Path) -> None:
    rows = "PLT,44,10*9/L,150,400\n" * 20_000
    (tmp_path / "labs.csv").write_text(f"analyte,value,unit,lln,uln\n{rows}")
    with subprocess.Popen(
        [
            *(sys.executable, f"{ROOT / 'main.py'}", "grade"),
            *(f"{tmp_path / 'labs.csv'}", "--ctcae", "5.0"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in (0, 1)


def test_without_a_display_it_says_so(casebook: Path) -> None:
    without = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    for arguments in ([], ["--demo"], [casebook]):
        done = run(*arguments, **without)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "display" in done.stderr


def test_the_window_is_opened_on_what_was_named(
    casebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gui.window.app

    opened = []

    def note(path: Path | None, *, demo: bool = False) -> int:
        opened.append((path, demo))
        return 0

    monkeypatch.setattr(gui.window.app, "run", note)
    assert called() == called("--demo") == called(casebook) == 0
    assert opened == [(None, False), (None, True), (casebook, False)]


def test_the_readme_shows_what_help_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert called("--help") == 0
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.split("```\n$ theralog --help\n", 1)[1].split("```", 1)[0]
    assert block == capsys.readouterr().out


def test_a_mistake_of_the_program_is_one_sentence_and_is_logged(
    casebook: Path,
    folder_of_data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from model.error_log import log_file
    from model.records import checks

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret name")

    monkeypatch.setattr(checks, "check_file", fail)
    assert called("check", casebook) == 1
    error = capsys.readouterr().err
    assert error.startswith("Internal error in Theralog (ZeroDivisionError in test_main.py")
    assert "secret" not in error
    log = log_file().read_text(encoding="utf-8")
    assert "builtins.ZeroDivisionError" in log
    assert "secret" not in log


def test_an_error_while_a_page_is_painted_fails_the_command() -> None:
    """Without an application, as at the command line: Qt itself would drop the error."""
    script = (
        "from gui.window.offscreen import application\n"
        "with application():\n"
        "    from PySide6.QtWidgets import QApplication, QWidget\n"
        "    class Fails(QWidget):\n"
        "        def paintEvent(self, event): int('secret name')\n"
        "    widget = Fails(); widget.show(); QApplication.processEvents()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=300
    )
    assert done.returncode == 1
    assert "ValueError" in done.stderr


@pytest.mark.parametrize(("version", "count"), [("5.0", 837), ("6.0", 850)])
def test_an_official_workbook_is_kept_for_the_window(
    tmp_path: Path, version: str, count: int, nci_workbook: Callable[[str], Path]
) -> None:
    done = run("ctcae-wording", nci_workbook(version), XDG_DATA_HOME=str(tmp_path))
    kept = tmp_path / "Theralog" / "Theralog" / f"ctcae_wording_{version}.json"
    said = f"CTCAE {version}: the wording of {count} terms is in {kept}.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert kept.exists()


def test_a_workbook_that_is_none_is_refused(
    tmp_path: Path, folder_of_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_text("nothing")
    assert called("ctcae-wording", wrong) == INVALID_DATA
    error = capsys.readouterr().err
    assert error == "NCI's wording was not loaded: wrong.xlsx is not an Excel workbook (.xlsx).\n"
    assert not (folder_of_data / "Theralog").exists()


def test_a_workbook_that_is_not_there_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("ctcae-wording", tmp_path / "missing.xlsx") == WRONG_USAGE
    assert "does not exist" in capsys.readouterr().err
