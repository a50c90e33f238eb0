"""Write text in the cells of a table so that no spreadsheet runs it as a formula.

A text that a spreadsheet would run (it begins with = + - @, in either width, with a tab, a carriage
return or a line feed: OWASP, CSV injection) is written with an apostrophe before it, and loses one
apostrophe when it is read. A text that already begins with apostrophes before such a character gets
one more, so that every text is read back unchanged.
"""

import re

_STARTS_FORMULA = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_STARTS_FORMULA}")
_NEUTRALISED = re.compile(f"'+{_STARTS_FORMULA}")


def neutralise(text: str) -> str:
    """Return the cell for a text, with an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(cell: str) -> str:
    """Return the original text of a cell that `neutralise` wrote."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
