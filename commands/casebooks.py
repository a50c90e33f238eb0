"""Commands about a casebook as a file, from `new` to `salvage`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from commands.shared import (
    INVALID_DATA,
    casebook_argument,
    input_file_argument,
    new_passphrase,
    passphrase,
    passphrase_file_option,
    passphrase_of,
    refuse_existing,
    salvage_passphrase,
    unlock_casebook,
)
from model.language import N_, _, ngettext


@click.command(
    help=_(
        "Create a casebook, empty or from a folder of CSV tables.\n\n"
        "A folder with faults creates no casebook: each fault is listed with its file and line."
    )
)
@click.argument("casebook", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help=_("Fill it from a folder of CSV tables."),
)
@passphrase_file_option
def new(casebook: Path, folder: Path | None, passphrase_file: Path | None) -> None:
    """Create a casebook."""
    refuse_existing(casebook)
    secret = new_passphrase(passphrase_file)
    if secret is not None:
        from model.store import passphrases

        passphrases.refuse_weak(secret)
    from model.exchange.new_casebook import new_casebook

    for note in new_casebook(casebook, secret, folder=folder, today=date.today()):
        click.echo(note, err=True)
    if secret is None:
        text = _("“{name}” has no passphrase: anyone can read it.").format(name=casebook.name)
        click.echo(text, err=True)


@click.command(
    help=_(
        "Check the file, its journal and every rule of every record; nothing is written.\n\n"
        "Problems and unlikely values are listed on standard error, a sentence each. Exit code 1 if"
        " there are problems."
    )
)
@casebook_argument
@click.option(
    "--against",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help=_("Compare the journal with that of a backup or an export folder; may be repeated."),
)
@passphrase_file_option
@click.pass_context
def check(
    context: click.Context, casebook: Path, against: tuple[Path, ...], passphrase_file: Path | None
) -> None:
    """Check a casebook."""
    from model.records.checks import check_file

    findings = check_file(casebook, passphrase(casebook, passphrase_file), date.today(), against)
    for finding in (*findings.faults, *findings.questions):
        click.echo(finding, err=True)
    if findings.faults:
        context.exit(INVALID_DATA)
    text = _("“{name}” has no problems.").format(name=casebook.name)
    if count := len(findings.questions):
        text = ngettext(
            "“{name}” has no problems, but {n} unlikely value: see above.",
            "“{name}” has no problems, but {n} unlikely values: see above.",
            count,
        ).format(name=casebook.name, n=count)
    click.echo(text)


@click.command(
    help=_(
        "Read the limits of normal of laboratories from a CSV file into a casebook.\n\n"
        "Columns: laboratory, analyte, unit, sex, age_from, age_to, valid_from, valid_to, lln, uln,"
        " comment. They replace limits for the same case. A file with faults changes nothing: each"
        " fault is listed with its line."
    )
)
@input_file_argument
@casebook_argument
@passphrase_file_option
def limits(file: Path, casebook: Path, passphrase_file: Path | None) -> None:
    """Read the limits of laboratories into a casebook."""
    from model.exchange.laboratory_limits import read_limits, saved_text
    from model.records import laboratory_limits

    read = read_limits(file)
    with (
        unlock_casebook(casebook, passphrase_file, edits=True) as open_casebook,
        open_casebook.step(N_("Read laboratory limits")) as step,
    ):
        saved = laboratory_limits.save_all(step, read)
    click.echo(saved_text(saved))


@click.command(help=_("Copy a casebook, and verify the copy by opening it."))
@casebook_argument
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("File to write; by default next to the casebook, with date and time."),
)
@passphrase_file_option
def backup(casebook: Path, file: Path | None, passphrase_file: Path | None) -> None:
    """Copy a casebook."""
    if file is not None:
        refuse_existing(file)
    from model.store.backups import writing

    with unlock_casebook(casebook, passphrase_file) as open_casebook:
        path = writing.backup(open_casebook, file, at=datetime.now().astimezone())
    click.echo(path)


@click.command(
    help=_(
        "Put a backup in the place of a casebook.\n\n"
        "The casebook that was there is kept next to it, under a name with date and time. Without"
        " --from the newest backup is restored."
    )
)
@click.argument("casebook", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "backup_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="BACKUP",
    help=_("Backup to restore."),
)
@passphrase_file_option
def restore(casebook: Path, backup_file: Path | None, passphrase_file: Path | None) -> None:
    """Restore a casebook from a backup."""
    from model.store.backups import files, restoring

    if backup_file is None:
        known = files.all_backups(casebook)
        if not known:
            text = _("There is no backup of “{name}” next to it. Name one with --from.")
            raise click.UsageError(text.format(name=casebook.name))
        backup_file = known[0].path
    secret = passphrase(backup_file, passphrase_file)
    replaced = restoring.restore(casebook, backup_file, secret, at=datetime.now().astimezone())
    text = _("“{name}” is restored from “{backup}”.")
    click.echo(text.format(name=casebook.name, backup=backup_file.name))
    if replaced is not None:
        click.echo(_("The casebook that was there is kept as “{path}”.").format(path=replaced))


@click.command(
    help=_(
        "Write a new casebook with all that can be read of a damaged one.\n\n"
        "The damaged file is only read. What was lost is listed on standard error."
    )
)
@casebook_argument
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    metavar="NEW",
    help=_("File to write."),
)
@passphrase_file_option
def salvage(casebook: Path, file: Path, passphrase_file: Path | None) -> None:
    """Salvage a damaged casebook."""
    refuse_existing(file)
    from model.store.damage import salvage as salvaging
    from model.store.damage.salvage_report import sentences

    salvaged = salvaging.salvage(casebook, salvage_passphrase(casebook, passphrase_file), file)
    for sentence in sentences(salvaged):
        click.echo(sentence, err=True)
    rows = sum(salvaged.read.values()) + sum(salvaged.from_journal.values())
    text = ngettext(
        "“{name}” has {n} row of “{source}”.", "“{name}” has {n} rows of “{source}”.", rows
    )
    click.echo(text.format(name=file.name, n=rows, source=casebook.name))


@click.command(
    help=_(
        "Change the passphrase of a casebook, or give it one.\n\n"
        "A backup with the old passphrase is written first. Older backups keep theirs."
    )
)
@casebook_argument
@click.option(
    "--new-passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("Read the new passphrase from the first line of a file (default: it is requested)."),
)
@passphrase_file_option
def passphrase_command(
    casebook: Path, new_passphrase_file: Path | None, passphrase_file: Path | None
) -> None:
    """Change the passphrase of a casebook."""
    from model.store import examine, rekeying

    key = examine.unlock(casebook, passphrase(casebook, passphrase_file))
    if new_passphrase_file is not None:
        new = passphrase_of(new_passphrase_file)
    else:
        new = str(
            click.prompt(
                _("New passphrase"),
                hide_input=True,
                confirmation_prompt=_("Repeat the passphrase"),
                err=True,
            )
        )
    rekeying.change_passphrase(casebook, key, new, at=datetime.now())
    click.echo(_("“{name}” has the new passphrase.").format(name=casebook.name))


@click.command(
    help=_(
        "Erase a patient for good, on request.\n\n"
        "All records, what the journal has of them, and pictures are erased; the file is written"
        " anew. That a patient was erased is journalled. Backups are not changed: they are listed."
    )
)
@casebook_argument
@click.option("--patient", required=True, metavar="CODE", help=_("Study code of the patient."))
@click.option("--reason", required=True, metavar="TEXT", help=_("Why, without a name."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@passphrase_file_option
def erase(
    casebook: Path, patient: str, reason: str, yes: bool, passphrase_file: Path | None
) -> None:
    """Erase a patient."""
    from model.records.patients import with_code
    from model.store import erasing

    with unlock_casebook(casebook, passphrase_file, edits=True) as open_casebook:
        found = with_code(open_casebook, patient)
        if found is None or found.id is None:
            raise click.UsageError(_("There is no patient “{code}”.").format(code=patient))
        if not yes:
            click.confirm(
                _("Erase “{code}” for good? This cannot be undone.").format(code=patient),
                abort=True,
                err=True,
            )
        erased = erasing.erase(open_casebook, found.id, reason)
    text = ngettext("{n} row was erased.", "{n} rows were erased.", erased.rows)
    click.echo(text.format(n=erased.rows))
    for path in erased.backups:
        click.echo(_("This backup still has the patient: {path}").format(path=path), err=True)
    for name in erased.frozen_cohorts:
        text = _("This frozen cohort still lists the patient: {name}")
        click.echo(text.format(name=name), err=True)
