"""`theralog report`: the one-page summary of a patient as PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import click

from commands.shared import (
    casebook_argument,
    passphrase_file_option,
    refuse_existing,
    unlock_casebook,
)
from model.language import _
from model.store.settings import fixed_day


@click.command(
    help=_(
        "Write the one-page summary of a patient as PDF, pseudonymised by default.\n\n"
        "Needs no display. The code of a pseudonymised patient is shown on standard error."
    )
)
@casebook_argument
@click.option(
    "--patient", "code", metavar="CODE", required=True, help=_("The patient's study code.")
)
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help=_("The PDF to write; a file that exists is never overwritten."),
)
@click.option(
    "--page",
    type=click.Choice(["A4", "Letter"]),
    default="A4",
    show_default=True,
    help=_("Paper size."),
)
@click.option(
    "--identified/--pseudonymised",
    default=False,
    help=_(
        "With name, record number and dates; or, by default, without them, under a code made for"
        " this page, which the casebook's journal keeps."
    ),
)
@passphrase_file_option
def report(
    casebook: Path,
    code: str,
    file: Path,
    page: Literal["A4", "Letter"],
    identified: bool,
    passphrase_file: Path | None,
) -> None:
    """Write the one-page summary of a patient as PDF."""
    refuse_existing(file)
    from model.documents.summary import random_code
    from model.records.patients import with_code

    # No code contains what the terminal could not read as text.
    code = code.encode("utf-8", "replace").decode()
    with unlock_casebook(casebook, passphrase_file) as open_casebook:
        patient = with_code(open_casebook, code)
        if patient is None or patient.id is None:
            raise click.UsageError(
                _("There is no patient “{code}” in “{name}”.").format(code=code, name=casebook.name)
            )
        from gui.reports import summary_file
        from gui.window.offscreen import application

        alias = None if identified else random_code()
        options = summary_file.SummaryOptions(
            patient_id=patient.id, path=file, page=page, code=alias
        )
        today = fixed_day(open_casebook) or date.today()
        with application():
            summary = summary_file.load_summary(open_casebook, options, today)
            summary_file.write_summary(open_casebook, options, summary)
    # Before the file's name, which might fail if standard output is closed.
    if alias:
        text = _("On the page the patient is {code}; the journal keeps which patient it is.")
        click.echo(text.format(code=alias), err=True)
    click.echo(file)
