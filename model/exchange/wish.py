"""What an export shall hold, and in which form."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model.cohort.options import USUAL, Options
from model.cohort.selection import EVERYONE, Selection

Figures = Callable[[Path], list[str]]
"""Writes figures into a folder and gives back the names of their files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an export shall hold: as CSV files with everything, unless something else is said.

    A selection leaves the records of other patients out; its cut-off and T0 hold for the cohort's
    tables alone. `codes_of` is the code list that a pseudonymised export takes its codes from; new
    ones are made without. Figures name patients, so that a pseudonymised export has none.
    """

    form: Literal["csv", "xlsx"] = "csv"
    with_bom: bool = False
    pseudonymised: bool = False
    codes_of: int | None = None
    selection: Selection = EVERYONE
    options: Options = USUAL
    figures: Figures | None = None

    def problem(self) -> str | None:
        """Why this cannot be had, in a sentence; None when it can."""
        if self.with_bom and self.form != "csv":
            return "Only CSV files can begin with a byte order mark."
        if self.codes_of is not None and not self.pseudonymised:
            return "Only a pseudonymised export takes codes from a list."
        if self.figures and self.pseudonymised:
            return "Figures name patients by their study codes: a pseudonymised export has none."
        return None
