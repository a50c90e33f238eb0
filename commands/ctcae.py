"""`theralog grade` and `ctcae-wording`: grades of a CSV file, and NCI's wording for the window."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from commands.shared import input_file_argument
from model.language import _, ngettext


@click.command(
    help=_(
        "Grade a CSV file of laboratory results by CTCAE; CSV to standard output.\n\n"
        "Columns: analyte, value, unit, lln, uln; where known also baseline_value, baseline_flag,"
        " fasting, anticoagulated (y or n), albumin, albumin_unit. Without the column albumin,"
        " calcium is corrected by the albumin row of the same patient_id, date and time.\n\n"
        "The reason names a value, limit or baseline that is implausible in its unit, unless the"
        " column confirmed states why it is right."
    )
)
@input_file_argument
@click.option(
    "--ctcae",
    "version",
    type=click.Choice(["5.0", "6.0"]),
    required=True,
    help=_("CTCAE version to grade by."),
)
def grade(file: Path, version: str) -> None:
    """Grade a CSV file of laboratory results by CTCAE."""
    from model.ctcae.grade_file import grade_file

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    grade_file(file, version, sys.stdout, _show_progress if sys.stderr.isatty() else None)


@click.command(
    "ctcae-wording",
    help=_(
        "Store NCI's wording of the grades from its CTCAE workbook (.xlsx).\n\n"
        "It is stored for this user on this computer, and the toxicity form shows it from then on."
    ),
)
@input_file_argument
def ctcae_wording(file: Path) -> None:
    """Store NCI's own wording of the grades from a CTCAE workbook."""
    from model.ctcae.wording import save_wording
    from model.ctcae.wording_workbook import read_workbook
    from model.user_folder import user_folder

    wording = read_workbook(file)
    path = save_wording(wording, user_folder())
    n = len(wording.texts)
    click.echo(
        ngettext(
            "CTCAE {version}: the wording of {n} term is in {path}.",
            "CTCAE {version}: the wording of {n} terms is in {path}.",
            n,
        ).format(version=wording.version, n=n, path=path)
    )


def _show_progress(done: int, total: int) -> None:
    """Show progress in one line of the terminal that overwrites itself."""
    text = _("{done} of {total} rows").format(done=f"{done:,}", total=f"{total:,}")
    click.echo(f"\r{text}", err=True, nl=done >= total)
