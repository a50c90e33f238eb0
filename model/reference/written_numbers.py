"""Numbers as people write them, with a decimal point or a decimal comma.

`1,234` is a little over one to some people and over a thousand to others. Wherever a number is
typed or imported, it is refused with both readings. `1.234` has a decimal point; a form remarks on
it.
"""

import re
from decimal import Decimal

from model.errors import KnownError
from model.language import _

MAX_LENGTH = 40
"""Characters. A longer number is a mistake, and would take seconds to compute with."""

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([\s.,'’][0-9]{3})+([.,][0-9]+)?")
_THREE_DECIMALS = re.compile(r"([<>]?\s*[+-]?[1-9]\d{0,2})([.,])(\d{3})", re.ASCII)


def parse_number(text: str) -> Decimal | None:
    """Return the exact number; None for an empty text.

    Raises KnownError for what is not a number, or for a comma that may separate thousands.
    """
    typed = text.strip().replace("−", "-")
    if not typed:
        return None
    if problem := ambiguity(typed):
        raise KnownError(problem)
    if len(typed) <= MAX_LENGTH and _NUMBER.fullmatch(typed):
        return Decimal(typed.replace(",", "."))
    if _GROUPED.fullmatch(typed):
        raise KnownError(_("Write the number without marks or spaces between thousands."))
    raise KnownError(_("“{text}” is not a number.").format(text=typed[:MAX_LENGTH]))


def ambiguity(text: str) -> str | None:
    """Return the two readings of `1,234`, in a sentence; None for any other text."""
    match = _THREE_DECIMALS.fullmatch(text.strip())
    if match is None or match[2] != ",":
        return None
    sentence = _("“{text}” can mean {decimal} or {whole}: write one of these.")
    return sentence.format(
        text=text.strip(), decimal=f"{match[1]}.{match[3]}", whole=f"{match[1]}{match[3]}"
    )


def remark_on(text: str) -> str:
    """Return a remark on a number while it is typed: how `1,234` or `1.234` is read."""
    typed = text.strip().replace("−", "-")
    if problem := ambiguity(typed):
        return problem
    if _THREE_DECIMALS.fullmatch(typed):
        return _("Read as {number}, with three decimals.").format(number=typed)
    return ""
