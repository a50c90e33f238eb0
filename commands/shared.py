"""What commands have in common: exit codes, arguments, and opening a casebook."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from model.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.store.casebook import Casebook

INVALID_DATA = 1
WRONG_USAGE = 2
"""Exit codes."""

PASSPHRASE_VARIABLE = "THERALOG_PASSPHRASE"


def _existing(context: click.Context, _parameter: click.Parameter, path: Path) -> Path:
    if path.exists():
        return path
    if context.info_name == "open":
        text = _("There is no file “{path}”, and no command of this name.")
    else:
        text = _("There is no file “{path}”.")
    raise click.UsageError(text.format(path=path))


casebook_argument = click.argument("casebook", type=click.Path(path_type=Path), callback=_existing)
passphrase_file_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("Read the passphrase from the first line of a file (default: {variable}).").format(
        variable=PASSPHRASE_VARIABLE
    ),
)
input_file_argument = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


def refuse_existing(file: Path) -> None:
    """Raise UsageError if a file exists, or if its folder does not."""
    if file.exists():
        raise click.UsageError(
            _("There is already a file “{file}”. Choose another name.").format(file=file)
        )
    folder = file.absolute().parent
    if not folder.is_dir():
        raise click.UsageError(_("There is no folder “{folder}”.").format(folder=folder))


@contextmanager
def unlock_casebook(
    casebook: Path, passphrase_file: Path | None, *, edits: bool = False
) -> Iterator[Casebook]:
    """Unlock and open a casebook, yield it, and close it; ask for the passphrase where needed.

    Python's garbage collection is off meanwhile: a command ends soon, and with a large cohort in
    memory collections take a tenth of its time. While another program has the casebook open, a
    command that does not change records works next to it; one that `edits` them raises
    HeldElsewhere.
    """
    from model.errors import HeldElsewhere
    from model.store import examine
    from model.store.casebook import Access, Casebook

    gc.disable()
    try:
        key = examine.unlock(casebook, passphrase(casebook, passphrase_file))
        try:
            open_casebook = Casebook(casebook, key)
        except HeldElsewhere:
            if edits:
                raise
            open_casebook = Casebook(casebook, key, Access.BESIDE)
        if open_casebook.missing:
            click.echo(open_casebook.missing, err=True)
        with open_casebook:
            yield open_casebook
    finally:
        gc.enable()


def passphrase(casebook: Path, passphrase_file: Path | None) -> str | None:
    """Return the passphrase of a casebook; None if it has none, or nobody enters one."""
    from model.store import examine

    if not examine.is_encrypted(casebook):
        return None
    if (text := _stored_passphrase(passphrase_file)) is not None:
        return text
    if sys.stdin.isatty():
        return str(click.prompt(_("Passphrase"), hide_input=True, err=True))
    return None


def salvage_passphrase(casebook: Path, passphrase_file: Path | None) -> str | None:
    """Return the passphrase of a damaged casebook, even if its start cannot be read."""
    from model.errors import DamagedCasebook

    try:
        return passphrase(casebook, passphrase_file)
    except DamagedCasebook:
        return _stored_passphrase(passphrase_file)


def new_passphrase(passphrase_file: Path | None) -> str | None:
    """Return the passphrase for a new casebook; None for one without."""
    if (text := _stored_passphrase(passphrase_file)) is not None:
        return text
    if sys.stdin.isatty():
        return (
            click.prompt(
                _("Passphrase (empty for none)"),
                default="",
                show_default=False,
                hide_input=True,
                confirmation_prompt=_("Repeat the passphrase"),
                err=True,
            )
            or None
        )
    return None


def _stored_passphrase(passphrase_file: Path | None) -> str | None:
    """Return the passphrase from a file or the environment; None if neither has one."""
    if passphrase_file is None:
        text = os.environ.get(PASSPHRASE_VARIABLE) or None
        if text is not None and not text.isprintable():
            raise click.UsageError(
                _("{variable} is not readable text.").format(variable=PASSPHRASE_VARIABLE)
            )
        return text
    return passphrase_of(passphrase_file)


def passphrase_of(passphrase_file: Path) -> str:
    """Return the first line of a file, as a passphrase."""
    try:
        first_line = passphrase_file.read_text("utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise click.UsageError(
            _("“{file}” is not a UTF-8 text file.").format(file=passphrase_file)
        ) from error
    if not first_line:
        raise click.UsageError(
            _("“{file}” has no passphrase in its first line.").format(file=passphrase_file)
        )
    return first_line
