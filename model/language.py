"""The language of every sentence that a person reads: on screen, in files, at the command line.

A sentence is marked where it is written, whole and with named values, so that a translator sees all
of it and may change the order:

    _("{code} was deleted.").format(code=code)
    ngettext("{n} patient", "{n} patients", n).format(n=n)

`pgettext("month", "May")` tells apart two uses of one word. What is stored, such as the label of a
step in the journal, is stored in English in every language: `N_("Add cycle")` only marks it, and
`_(label)` translates it where it is shown. The catalogue is chosen once, on the
first import, by the environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG): labels in tables and enums
are translated as their modules are imported, and a change of language applies from the next start.
Without a catalogue, sentences stay as they are written. `make translations` collects them.
"""

from __future__ import annotations

import gettext
from pathlib import Path

DOMAIN = "theralog"
CATALOGUES = Path(__file__).parents[1] / "resources" / "translations"

_catalogue = gettext.translation(DOMAIN, CATALOGUES, fallback=True)
_ = _catalogue.gettext
ngettext = _catalogue.ngettext
pgettext = _catalogue.pgettext


def N_(message: str) -> str:
    """Mark a message for translation and return it unchanged."""
    return message
