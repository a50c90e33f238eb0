"""What an export contains, and its file format."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model.cohort.options import DEFAULT_OPTIONS, Options
from model.cohort.selection import EVERYONE, Selection
from model.language import _

Figures = Callable[[Path], list[str]]
"""Writes figures into a folder and returns the names of their files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What an export contains: by default everything, as CSV files.

    A selection excludes the records of other patients; its cut-off and T0 apply to the cohort's
    tables only. `codes_of` is the code list that a pseudonymised export takes its codes from;
    without one, new codes are made. Figures name patients, so a pseudonymised export has none.
    """

    file_format: Literal["csv", "xlsx"] = "csv"
    with_bom: bool = False
    pseudonymised: bool = False
    codes_of: int | None = None
    selection: Selection = EVERYONE
    counting: Options = DEFAULT_OPTIONS
    figures: Figures | None = None

    def problem(self) -> str | None:
        """Return why these options exclude each other, in a sentence; None if they do not."""
        if self.with_bom and self.file_format != "csv":
            return _("Only CSV files can begin with a byte order mark.")
        if self.codes_of is not None and not self.pseudonymised:
            return _("Only a pseudonymised export takes codes from a list.")
        if self.figures and self.pseudonymised:
            return _("Figures name patients by study code: a pseudonymised export has none.")
        return None


EVERYTHING = ExportOptions()
