"""Write text in the cells of a table so that no spreadsheet runs it as a formula.

A text that a spreadsheet would run (it begins with = + - @, in either width, with a tab, a carriage
return or a line feed: OWASP, CSV injection) is written with an apostrophe before it, and loses one
apostrophe when it is read. The same holds after a semicolon, where spreadsheets of many countries
begin a new cell, and for = + - @ after a line end, which begins a new row there: such a spreadsheet
does not see that the text was quoted. Quotes between are skipped, as they may be read as those
around a cell. A text that already has apostrophes there gets one more, so that every text is read
back unchanged.
"""

import re
from collections.abc import Iterable

_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_CELL_START = rf"(?:^|(?<=;))%s(?=['\"]*[{_SIGNS}\t\r\n])"
_ROW_START = rf"(?<=[\r\n])%s(?=['\"\t]*[{_SIGNS}])"
_BEFORE_FORMULA = re.compile(f"{_CELL_START % ''}|{_ROW_START % ''}")
_NEUTRALISED = re.compile(f"""{_CELL_START % "'"}|{_ROW_START % "'"}""")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")


def neutralise(text: str) -> str:
    """Return the cell for a text, with an apostrophe where a spreadsheet would run it."""
    return _BEFORE_FORMULA.sub("'", text)


def restore(cell: str) -> str:
    """Return the original text of a cell that `neutralise` wrote."""
    return _NEUTRALISED.sub("", cell)


def tab_separated(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of texts for the clipboard: one line each, tabs between the cells.

    A text stays in its cell, whatever tabs and line ends are in it, and is not run as a formula; a
    number gets the minus sign that spreadsheets read.
    """
    return "\n".join("\t".join(map(_pasted, row)) for row in rows)


def _pasted(text: str) -> str:
    plain = " ".join(text.split())
    number = plain.replace("−", "-")
    if _NUMBER.fullmatch(number):
        return number
    cell = neutralise(plain)
    # Spreadsheets read a cell that begins with a quote up to the next one, over tabs and line ends.
    return '"{}"'.format(cell.replace('"', '""')) if cell.startswith('"') else cell
