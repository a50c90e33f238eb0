"""Command-line entry point. Without a subcommand it opens the window.

Exit codes: 0 success, 1 the data has errors, 2 wrong usage. An error is one sentence on standard
error (for a folder, one line per fault). Everything beyond the command line itself is imported
where it is used, so that `--help` responds at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path

import click

from commands import casebooks, ctcae, export, report
from commands.shared import INVALID_DATA, WRONG_USAGE, casebook_argument
from model.errors import KnownError
from model.language import _
from model.privacy import keep_private
from model.unfinished import sweep

_DECODE_PICTURES = "decode-pictures"
"""Starts the child of `gui.plots.images.decoder`; not for people, so no command of `cli`."""


class CommandGroup(click.Group):
    """Commands by name; any other word is a casebook to open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `theralog CASEBOOK` as `theralog open CASEBOOK`."""
        first = next((argument for argument in args if not argument.startswith("-")), None)
        if first is not None and first not in self.commands:
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    options_metavar="[CASEBOOK]",
    subcommand_metavar="| COMMAND …",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "A casebook for radioligand therapy of neuroendocrine neoplasms.\n\n"
        "Without a command the window opens, with the given casebook. The passphrase of an"
        " encrypted casebook is read from --passphrase-file or THERALOG_PASSPHRASE, or else"
        " requested."
    ),
)
@click.option("--demo", is_flag=True, help=_("Open the demo casebook: synthetic patients."))
@click.option("--version", is_flag=True, help=_("Show the version and exit."))
@click.pass_context
def cli(context: click.Context, demo: bool, version: bool) -> None:
    """Open the window, unless there is a command."""
    if version:
        from model.version import version as installed

        click.echo(f"theralog {installed()}")
        context.exit()
    if context.invoked_subcommand is None:
        context.exit(_open_window(None, demo=demo))
    elif demo:
        raise click.UsageError(
            _("--demo opens the demo casebook: it takes no casebook or command.")
        )


@cli.command("open", hidden=True, help=_("Open a casebook in the window."))
@casebook_argument
@click.pass_context
def open_command(context: click.Context, casebook: Path) -> None:
    """Open a casebook in the window."""
    context.exit(_open_window(casebook, demo=False))


for command in (
    *(casebooks.new, casebooks.check, casebooks.backup, casebooks.restore, casebooks.salvage),
    *(casebooks.passphrase_command, casebooks.erase, casebooks.limits),
    *(export.export, report.report, ctcae.grade, ctcae.ctcae_wording),
):
    cli.add_command(command)


def _open_window(casebook: Path | None, *, demo: bool) -> int:
    from gui.window.app import run

    return int(run(casebook, demo=demo))


def _decode_pictures() -> int:
    from gui.plots.images.decoder import serve

    return serve()


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code; no error leaves it as a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments == [_DECODE_PICTURES]:
        keep_private()
        return _decode_pictures()
    for stream in (sys.stdout, sys.stderr):
        # A file name that the terminal cannot show is no error in the data.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    keep_private()
    for name in sweep():
        text = _("“{name}” of an earlier run was not finished, and was removed.")
        click.echo(text.format(name=name), err=True)
    try:
        outcome = cli.main(arguments, prog_name="theralog", standalone_mode=False)
        if sys.stdout is not None:  # closed by the caller
            sys.stdout.flush()
    except click.ClickException as error:
        return _fail(" ".join(error.format_message().split()), WRONG_USAGE)
    except click.Abort:
        return _fail(_("Stopped."))
    except KnownError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of the output has closed it; nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INVALID_DATA
    except OSError as error:
        return _fail(f"{error.filename or _('A file')}: {error.strerror}.")
    except Exception as error:
        return _fail(_internal_error(error))
    return int(outcome or 0)


def _fail(sentence: str, code: int = INVALID_DATA) -> int:
    click.echo(sentence, err=True)
    return code


def _internal_error(error: Exception) -> str:
    """Log an error and name its place; its own text may contain what a person wrote."""
    from model.error_log import describe, log, logging_to_file

    with logging_to_file():
        log.error("%s", describe(error))
    *_others, last = traceback.extract_tb(error.__traceback__)
    return _(
        "Internal error in Theralog ({kind} in {file}, line {line}). What was saved before is safe."
    ).format(kind=type(error).__name__, file=Path(last.filename).name, line=last.lineno)


if __name__ == "__main__":
    sys.exit(main())
