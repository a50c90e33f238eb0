"""Text in cells of a table that a spreadsheet may open: never run as a formula.

A text that a spreadsheet would run (it begins with = + - @, in either width, with a tab, a carriage
return or a line feed: OWASP, CSV injection) is written with an apostrophe before it, and loses one
apostrophe when it is read. A text that already begins with apostrophes before such a character gets
one more, so that every text comes back as it was.
"""

import re

_RUN = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_RUN}")
_NEUTRALISED = re.compile(f"'+{_RUN}")


def neutralise(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(cell: str) -> str:
    """Return the text that `neutralise` was given."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
