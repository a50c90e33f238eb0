"""The door: without a subcommand it opens the window, with one it does the same work without.

Exit codes: 0 done, 1 the data is at fault, 2 the call is wrong. What is wrong stands in one
sentence on standard error (for a folder, in one line a fault). Everything beyond the command
line itself is imported where it is used, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from model.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.cohort.selection import Selection
    from model.exchange.export_options import ExportOptions
    from model.exchange.pseudonymised.small_cells import SmallCell
    from model.store.casebook import Casebook

DATA_AT_FAULT = 1
CALL_WRONG = 2
PASSPHRASE_VARIABLE = "THERALOG_PASSPHRASE"


class Door(click.Group):
    """Commands by their names; anything else is a casebook to open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `theralog CASEBOOK` as `theralog open CASEBOOK`."""
        first = next((argument for argument in args if not argument.startswith("-")), None)
        if first is not None and first not in self.commands:
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Door,
    invoke_without_command=True,
    options_metavar="[CASEBOOK]",
    subcommand_metavar="| COMMAND …",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--demo", is_flag=True, help="Open the demo casebook: synthetic patients.")
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def cli(context: click.Context, demo: bool, version: bool) -> None:
    """A casebook for radioligand therapy of neuroendocrine neoplasms.

    Without a command the window opens, with the casebook if one is named. The passphrase of an
    encrypted casebook is asked for, or taken from --passphrase-file or THERALOG_PASSPHRASE.
    """
    if version:
        from model.version import version as installed

        click.echo(f"theralog {installed()}")
        context.exit()
    if context.invoked_subcommand is None:
        context.exit(_open_window(None, demo=demo))
    elif demo:
        raise click.UsageError("--demo opens the demo casebook: it takes no casebook or command.")


def _existing(context: click.Context, _: click.Parameter, path: Path) -> Path:
    if not path.exists():
        mistyped = ", and no command of this name" if context.info_name == "open" else ""
        raise click.UsageError(f"There is no file “{path}”{mistyped}.")
    return path


_CASEBOOK = click.argument("casebook", type=click.Path(path_type=Path), callback=_existing)
_PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Take the passphrase from the first line of a file (else {PASSPHRASE_VARIABLE}).",
)


@cli.command("open", hidden=True)
@_CASEBOOK
@click.pass_context
def open_command(context: click.Context, casebook: Path) -> None:
    """Open a casebook in the window."""
    context.exit(_open_window(casebook, demo=False))


@cli.command()
@click.argument("casebook", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Fill it from a folder of CSV tables.",
)
@_PASSPHRASE_FILE
def new(casebook: Path, folder: Path | None, passphrase_file: Path | None) -> None:
    """Make a casebook, empty or from a folder of CSV tables.

    A folder with faults makes no casebook: each fault is told with its file and line.
    """
    if casebook.exists():
        raise click.UsageError(f"There is a file “{casebook}” already. Choose another name.")
    if not casebook.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder “{casebook.absolute().parent}”.")
    passphrase = _new_passphrase(passphrase_file)
    from model.exchange.new_casebook import new_casebook

    for note in new_casebook(casebook, passphrase, folder=folder):
        click.echo(note, err=True)
    if passphrase is None:
        click.echo(f"“{casebook.name}” has no passphrase: anybody can read it.", err=True)


@cli.command()
@_CASEBOOK
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Folder to write: a new one, an empty one, or that of an earlier export.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx"]),
    default="csv",
    show_default=True,
    help="CSV files, or one workbook with a sheet each.",
)
@click.option("--bom", is_flag=True, help="Mark CSV files as UTF-8 by a byte order mark.")
@click.option(
    "--pseudonymised",
    is_flag=True,
    help="Under new random codes, with days since T0 for dates, and without free text.",
)
@click.option(
    "--same-codes",
    is_flag=True,
    help="Take the codes of the latest pseudonymised export; new ones for new patients.",
)
@click.option("--selection", metavar="NAME", help="Only the patients of a saved selection.")
@click.option("--figures", is_flag=True, help="The cohort's figures too: PNG, SVG and numbers.")
@_PASSPHRASE_FILE
def export(
    casebook: Path,
    folder: Path,
    form: Literal["csv", "xlsx"],
    bom: bool,
    pseudonymised: bool,
    same_codes: bool,
    selection: str | None,
    figures: bool,
    passphrase_file: Path | None,
) -> None:
    """Write the tables of a casebook and the numbers of its cohort into a folder.

    Before a pseudonymised export is written, the cells that count fewer than five patients are
    named on standard error.
    """
    from model.exchange.export import export as export_folder
    from model.exchange.export_content import small_cells_of
    from model.exchange.export_options import EVERYTHING, ExportOptions
    from model.exchange.export_place import problem_of
    from model.records import images

    if same_codes and not pseudonymised:
        raise click.UsageError("--same-codes goes with --pseudonymised.")
    if figures and pseudonymised:
        raise click.UsageError("Figures name patients: --figures does not go with --pseudonymised.")
    if problem := problem_of(folder):
        raise click.UsageError(problem)
    options = ExportOptions(form=form, with_bom=bom, pseudonymised=pseudonymised)
    if problem := options.problem():
        raise click.UsageError(problem)
    with _opened(casebook, passphrase_file) as opened:
        options = replace(
            options,
            codes_of=_latest_codes(opened) if same_codes else None,
            selection=_selection(opened, selection) if selection else EVERYTHING.selection,
        )
        if pseudonymised:
            _name_small_cells(small_cells_of(opened, options))
        whole = _with_figures(opened, options) if figures else nullcontext(options)
        with _ended_as_by_ctrl_c(), whole as wanted:
            export_folder(opened, folder, options=wanted)
        if not pseudonymised and images.count(opened):
            click.echo(images.EXPORT_WARNING, err=True)


@contextmanager
def _with_figures(opened: Casebook, options: ExportOptions) -> Iterator[ExportOptions]:
    """The options with figures, and meanwhile what draws them without a display."""
    from gui.pages.cohort import figure_files
    from gui.window.offscreen import application

    def write(folder: Path) -> list[str]:
        return figure_files.write(opened, folder, options.selection, options.counting)

    with application():
        yield replace(options, figures=write)


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Meanwhile `kill` and a closed terminal stop as Ctrl+C does, and leave nothing half written.

    A signal that the caller wants ignored (nohup) stays ignored.
    """
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    before = {number: signal.getsignal(number) for number in numbers if number is not None}
    taken = {number: was for number, was in before.items() if was is signal.SIG_DFL}
    for number in taken:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, was in taken.items():
            signal.signal(number, was)


def _name_small_cells(found: list[SmallCell]) -> None:
    """One line for all that is small of one measure."""
    if found:
        click.echo("These counts of fewer than five patients may tell who they are:", err=True)
    for (table, measure), cells in groupby(found, lambda cell: (cell.table, cell.measure)):
        counts = ", ".join(f"{cell.level} {cell.n}".strip() for cell in cells)
        click.echo(f"  {table}: {measure}: {counts}", err=True)


def _latest_codes(opened: Casebook) -> int:
    from model.exchange.pseudonymised.pseudonyms import code_lists

    if not (known := code_lists(opened)):
        raise click.UsageError("There is no earlier pseudonymised export whose codes to take.")
    return known[0].id


def _selection(opened: Casebook, name: str) -> Selection:
    from model.cohort.saved_selections import saved

    known = {each.name: each for each in saved(opened)}
    if name not in known:
        listed = f" It has {', '.join(f'“{each}”' for each in known)}." if known else ""
        raise click.UsageError(f"The casebook has no selection “{name}”.{listed}")
    return known[name]


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ctcae",
    "version",
    type=click.Choice(["5.0", "6.0"]),
    required=True,
    help="Version of CTCAE to grade by.",
)
def grade(file: Path, version: str) -> None:
    """Grade a CSV file of laboratory results by CTCAE; the graded CSV goes to standard output."""
    from model.ctcae.grade_file import grade_file

    output: Any = sys.stdout
    output.reconfigure(encoding="utf-8", newline="")
    grade_file(file, version, output, _progress if sys.stderr.isatty() else None)


@cli.command("ctcae-wording")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def ctcae_wording(file: Path) -> None:
    """Keep NCI's own wording of the grades from a CTCAE workbook as NCI publishes it (.xlsx).

    It is kept for this user on this computer, and stands in the toxicity form from then on.
    """
    from model.ctcae.wording import read_workbook, save_wording
    from model.user_folder import user_folder

    wording = read_workbook(file)
    path = save_wording(wording, user_folder())
    click.echo(f"CTCAE {wording.version}: the wording of {len(wording.texts)} terms is in {path}.")


@cli.command()
@_CASEBOOK
@_PASSPHRASE_FILE
@click.pass_context
def check(context: click.Context, casebook: Path, passphrase_file: Path | None) -> None:
    """Check the file, its journal and every rule of every record; nothing is written.

    Exit code 1 when something is wrong, one sentence for each thing on standard error.
    """
    from model.records.checks import check_file

    found = check_file(casebook, _passphrase(casebook, passphrase_file))
    for finding in found:
        click.echo(finding, err=True)
    if found:
        context.exit(DATA_AT_FAULT)
    click.echo(f"“{casebook.name}” is sound.")


@cli.command()
@_CASEBOOK
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; beside the casebook, with date and time, when not said.",
)
@_PASSPHRASE_FILE
def backup(casebook: Path, file: Path | None, passphrase_file: Path | None) -> None:
    """Copy a casebook, and open the copy to see that it is sound."""
    if file is not None and file.exists():
        raise click.UsageError(f"There is a file “{file}” already. Choose another name.")
    if file is not None and not file.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder “{file.absolute().parent}”.")
    from model.store import backups

    with _opened(casebook, passphrase_file) as opened:
        path = backups.backup(opened, file, at=datetime.now().astimezone())
    click.echo(path)


@cli.command()
@_CASEBOOK
@click.option("--patient", "code", metavar="CODE", required=True, help="The patient's study code.")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="The PDF to write; there may be no file of this name yet.",
)
@click.option(
    "--page",
    type=click.Choice(["A4", "Letter"]),
    default="A4",
    show_default=True,
    help="Size of the paper.",
)
@click.option(
    "--identified/--pseudonymised",
    default=False,
    help="With name, record number and dates; or, unless asked for, without them, under a code"
    " made for this page, which the casebook's journal keeps.",
)
@_PASSPHRASE_FILE
def report(
    casebook: Path,
    code: str,
    file: Path,
    page: Literal["A4", "Letter"],
    identified: bool,
    passphrase_file: Path | None,
) -> None:
    """Write the one-page summary of a patient as PDF, pseudonymised unless --identified is given.

    Needs no display. What the page calls a pseudonymised patient is said on standard error.
    """
    if file.exists():
        raise click.UsageError(f"There is a file “{file}” already. Choose another name.")
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder “{file.absolute().parent}”.")
    from model.documents.summary import fresh_code
    from model.records.patients import with_code

    # What the terminal could not read as text is in no code.
    code = code.encode("utf-8", "replace").decode()
    with _opened(casebook, passphrase_file) as opened:
        patient = with_code(opened, code)
        if patient is None or patient.id is None:
            raise click.UsageError(f"There is no patient “{code}” in “{casebook.name}”.")
        from gui.reports import summary_file
        from gui.window.offscreen import application

        alias = None if identified else fresh_code()
        options = summary_file.SummaryOptions(
            patient_id=patient.id, path=file, page=page, code=alias
        )
        with application():
            report = summary_file.read(opened, options, date.today())
            summary_file.write(opened, options, report)
    # First of all: nobody may be listening for the name of the file.
    if alias:
        click.echo(f"The page calls the patient {alias}: the journal keeps whose it is.", err=True)
    click.echo(file)


@contextmanager
def _opened(casebook: Path, passphrase_file: Path | None) -> Iterator[Casebook]:
    """The casebook; until it is closed Python looks for nothing that only refers to itself.

    A command ends soon. With a large cohort in memory those looks take a tenth of its time.
    """
    from model.store.casebook import Casebook

    gc.disable()
    try:
        with Casebook.open(casebook, _passphrase(casebook, passphrase_file)) as opened:
            yield opened
    finally:
        gc.enable()


def _passphrase(casebook: Path, passphrase_file: Path | None) -> str | None:
    """The passphrase to open a casebook with; None for one that has none, or when nobody says."""
    from model.store import examine

    if not examine.is_encrypted(casebook):
        return None
    if (given := _given_passphrase(passphrase_file)) is not None:
        return given
    if sys.stdin.isatty():
        return str(click.prompt("Passphrase", hide_input=True, err=True))
    return None


def _new_passphrase(passphrase_file: Path | None) -> str | None:
    """The passphrase for a new casebook; None for one without."""
    if (given := _given_passphrase(passphrase_file)) is not None:
        return given
    if sys.stdin.isatty():
        typed = click.prompt(
            "Passphrase (empty for none)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt="The same again",
            err=True,
        )
        if typed:
            return str(typed)
    return None


def _given_passphrase(passphrase_file: Path | None) -> str | None:
    if passphrase_file is None:
        given = os.environ.get(PASSPHRASE_VARIABLE) or None
        if given is not None and not given.isprintable():
            raise click.UsageError(f"{PASSPHRASE_VARIABLE} holds no readable text.")
        return given
    try:
        first_line = passphrase_file.read_text("utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"“{passphrase_file}” is not a text in UTF-8.") from error
    if not first_line:
        raise click.UsageError(f"“{passphrase_file}” holds no passphrase in its first line.")
    return first_line


def _open_window(casebook: Path | None, *, demo: bool) -> int:
    from gui.window.app import run

    return int(run(casebook, demo=demo))


def _progress(done: int, total: int) -> None:
    """One line on the terminal that writes over itself."""
    click.echo(f"\r{done:,} of {total:,} rows", err=True, nl=done >= total)


def main(arguments: list[str] | None = None) -> int:
    """Run the program; gives back its exit code. No error leaves it as a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A file name that the terminal cannot show is no fault of the data.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        outcome = cli.main(arguments, prog_name="theralog", standalone_mode=False)
        if sys.stdout is not None:  # closed by whoever called
            sys.stdout.flush()
    except click.ClickException as error:
        return _told(" ".join(error.format_message().split()), CALL_WRONG)
    except click.Abort:
        return _told("Stopped.", DATA_AT_FAULT)
    except KnownError as error:
        return _told(str(error), DATA_AT_FAULT)
    except BrokenPipeError:
        # Whoever read the output has had enough; nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DATA_AT_FAULT
    except OSError as error:
        return _told(f"{error.filename or 'A file'}: {error.strerror}.", DATA_AT_FAULT)
    except Exception as error:
        return _told(_of_a_mistake(error), DATA_AT_FAULT)
    return int(outcome or 0)


def _told(sentence: str, code: int) -> int:
    click.echo(sentence, err=True)
    return code


def _of_a_mistake(error: Exception) -> str:
    """Where the program itself went wrong; the error's own text may hold what a person wrote."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return (
        f"Theralog made a mistake of its own ({type(error).__name__} in"
        f" {Path(last.filename).name}, line {last.lineno}). What was saved before is safe."
    )


if __name__ == "__main__":
    sys.exit(main())
