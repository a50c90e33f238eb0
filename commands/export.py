"""`theralog export`: the tables of a casebook and the numbers of its cohort, in a folder."""

from __future__ import annotations

import signal
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from commands.shared import casebook_argument, passphrase_file_option, unlock_casebook
from model.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.cohort.options import Options
    from model.cohort.selection import Selection
    from model.exchange.export_options import ExportOptions
    from model.exchange.pseudonymised.small_cells import SmallCell
    from model.store.casebook import Casebook


@click.command(
    help=_(
        "Write the tables of a casebook and the numbers of its cohort into a folder.\n\n"
        "Before a pseudonymised export is written, the counts of fewer than five patients are"
        " listed on standard error."
    )
)
@casebook_argument
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help=_("Folder to write: a new one, an empty one, or that of an earlier export."),
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "xlsx"]),
    default="csv",
    show_default=True,
    help=_("CSV files, or one workbook with one sheet per table."),
)
@click.option("--bom", is_flag=True, help=_("Mark CSV files as UTF-8 by a byte order mark."))
@click.option(
    "--pseudonymised",
    is_flag=True,
    help=_("Use new random codes, days since T0 instead of dates, and no free text."),
)
@click.option(
    "--same-codes",
    is_flag=True,
    help=_("Use the codes of the latest pseudonymised export; new ones for new patients."),
)
@click.option("--selection", metavar="NAME", help=_("Only the patients of a saved selection."))
@click.option(
    "--cut-off",
    "cut_off",
    metavar="DATE",
    help=_(
        "Count the cohort as known on this day (2025-12-31), or “none” for no data cut-off; by"
        " default that of the selection, or else of the casebook."
    ),
)
@click.option(
    "--attribution",
    type=click.Choice(["all", "related"]),
    default="all",
    show_default=True,
    help=_("Toxicities that count: all, or those of possible, probable or definite attribution."),
)
@click.option(
    "--undecided",
    type=click.Choice(["counted", "left-out"]),
    default="counted",
    show_default=True,
    help=_("Toxicities whose dates do not decide whether they count: counted, or left out."),
)
@click.option(
    "--acute-days",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help=_("Acute: onset up to this many days after a cycle; by default, as recorded."),
)
@click.option(
    "--subacute-days",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help=_("Subacute: onset up to this many days after a cycle; later is long-term."),
)
@click.option(
    "--figures",
    is_flag=True,
    help=_("Also write the figures of the cohort: PNG, SVG, and their numbers as CSV."),
)
@passphrase_file_option
def export(
    casebook: Path,
    folder: Path,
    file_format: Literal["csv", "xlsx"],
    bom: bool,
    pseudonymised: bool,
    same_codes: bool,
    selection: str | None,
    cut_off: str | None,
    attribution: Literal["all", "related"],
    undecided: Literal["counted", "left-out"],
    acute_days: int | None,
    subacute_days: int | None,
    figures: bool,
    passphrase_file: Path | None,
) -> None:
    """Write the tables of a casebook and the numbers of its cohort into a folder."""
    from model.exchange.export import export as export_folder
    from model.exchange.export_content import small_cells_of
    from model.exchange.export_folder import problem_of
    from model.exchange.export_options import EVERYTHING, ExportOptions
    from model.records import images

    if same_codes and not pseudonymised:
        raise click.UsageError(_("--same-codes needs --pseudonymised."))
    if figures and pseudonymised:
        raise click.UsageError(
            _("Figures name patients: --figures cannot be used with --pseudonymised.")
        )
    options = ExportOptions(
        file_format=file_format,
        with_bom=bom,
        pseudonymised=pseudonymised,
        counting=_counting(attribution, undecided, acute_days, subacute_days),
    )
    if problem := problem_of(folder) or options.problem():
        raise click.UsageError(problem)
    with unlock_casebook(casebook, passphrase_file) as open_casebook:
        options = replace(
            options,
            codes_of=_latest_codes(open_casebook) if same_codes else None,
            selection=_with_cut_off(
                cut_off,
                _selection(open_casebook, selection) if selection else EVERYTHING.selection,
            ),
        )
        if pseudonymised:
            _list_small_cells(small_cells_of(open_casebook, options))
        drawing = _with_figures(open_casebook, options) if figures else nullcontext(options)
        with _signals_stop_like_ctrl_c(), drawing as options_with_figures:
            export_folder(open_casebook, folder, options=options_with_figures)
        if not pseudonymised and images.count(open_casebook):
            click.echo(images.EXPORT_WARNING, err=True)


@contextmanager
def _with_figures(casebook: Casebook, options: ExportOptions) -> Iterator[ExportOptions]:
    """Yield options that draw figures, while Qt can draw without a display."""
    from gui.pages.cohort import figure_files
    from gui.window.offscreen import application

    def write(folder: Path) -> list[str]:
        return figure_files.write(casebook, folder, options.selection, options.counting)

    with application():
        yield replace(options, figures=write)


@contextmanager
def _signals_stop_like_ctrl_c() -> Iterator[None]:
    """Within the block, let `kill` and a closed terminal stop the export as Ctrl+C does.

    An export that is stopped removes what it has written. A signal that the caller has set to be
    ignored (nohup) stays ignored.
    """
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    handlers = {number: signal.getsignal(number) for number in numbers if number is not None}
    replaced = [number for number, handler in handlers.items() if handler is signal.SIG_DFL]
    for number in replaced:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, handlers[number])


def _counting(
    attribution: str, undecided: str, acute_days: int | None, subacute_days: int | None
) -> Options:
    """Return how the cohort is counted; windows of days are used if any of them is given."""
    from model.cohort.options import DEFAULT_OPTIONS, Attribution, PhaseSource, UndecidedEvents

    options = DEFAULT_OPTIONS
    if undecided == "left-out":
        options = replace(options, undecided=UndecidedEvents.LEFT_OUT)
    if attribution == "related":
        options = replace(options, attribution=Attribution.RELATED)
    if acute_days is not None or subacute_days is not None:
        options = replace(
            options,
            phases=PhaseSource.BY_DAY,
            acute_days=DEFAULT_OPTIONS.acute_days if acute_days is None else acute_days,
            subacute_days=subacute_days,
        )
    if problems := options.problems():
        raise click.UsageError(" ".join(problems.values()))
    return options


def _with_cut_off(cut_off: str | None, selection: Selection) -> Selection:
    """Return a selection with the data cut-off of the command line, if there is one."""
    if cut_off is None:
        return selection
    if cut_off.casefold() == "none":
        return replace(selection, cut_off=None, without_cut_off=True)
    try:
        day = date.fromisoformat(cut_off)
    except ValueError as error:
        text = _("“{text}” is not a date: write it like 2025-12-31, or “none”.")
        raise click.UsageError(text.format(text=cut_off)) from error
    return replace(selection, cut_off=day, without_cut_off=False)


def _list_small_cells(small_cells: list[SmallCell]) -> None:
    """List the small cells, one line per measure."""
    if small_cells:
        click.echo(_("These counts of fewer than five patients may identify them:"), err=True)
    for (table, measure), cells in groupby(small_cells, lambda cell: (cell.table, cell.measure)):
        counts = ", ".join(f"{cell.level} {cell.n}".strip() for cell in cells)
        click.echo(f"  {table}: {measure}: {counts}", err=True)


def _latest_codes(casebook: Casebook) -> int:
    from model.exchange.pseudonymised.pseudonyms import code_lists

    if not (lists := code_lists(casebook)):
        raise click.UsageError(
            _("There is no earlier pseudonymised export from which to take the codes.")
        )
    return lists[0].id


def _selection(casebook: Casebook, name: str) -> Selection:
    from model.cohort.saved_selections import load_selections

    selections = {each.name: each for each in load_selections(casebook)}
    if name in selections:
        return selections[name]
    if not selections:
        raise click.UsageError(_("The casebook has no selection “{name}”.").format(name=name))
    raise click.UsageError(
        _("The casebook has no selection “{name}”. It has {names}.").format(
            name=name, names=", ".join(f"“{each}”" for each in selections)
        )
    )
