"""Which passphrases are accepted for a casebook, and in which of their spellings they are tried."""

import unicodedata

from model.errors import KnownError
from model.language import _

LEAST_SIGNS = 8
LEAST_WORDS = 4


def spellings(passphrase: str) -> list[str]:
    """Return the spellings with which a passphrase is tried: composed, as typed, decomposed.

    Keyboards and systems differ in whether `ä` is one sign or `a` with a diaeresis (Unicode
    Standard Annex #15). New keys are derived from the composed form (NFC).
    """
    forms = (composed(passphrase), passphrase, unicodedata.normalize("NFD", passphrase))
    return list(dict.fromkeys(forms))


def composed(passphrase: str) -> str:
    """Return a passphrase in the form from which new keys are derived (NFC)."""
    return unicodedata.normalize("NFC", passphrase)


def problem(passphrase: str) -> str | None:
    """Return why a passphrase is too weak for patients' data, as a sentence; None if it is not.

    Required are 8 signs or four words, and that it is none of the passphrases that are guessed
    first: a score of at least 2 of 4 by zxcvbn (Wheeler, USENIX Security 2016).
    """
    if len(composed(passphrase)) < LEAST_SIGNS and len(passphrase.split()) < LEAST_WORDS:
        return _("The passphrase is too short: use at least 8 signs, or four words.")
    if score(passphrase) < 2:
        return _("This passphrase is guessed quickly. Use a longer one, or four unrelated words.")
    return None


def score(passphrase: str) -> int:
    """Return how hard a passphrase is to guess, from 0 (at once) to 4 (not in years)."""
    from zxcvbn import zxcvbn  # slow to import

    return int(zxcvbn(passphrase[:72])["score"])


def refuse_weak(passphrase: str) -> None:
    """Raise KnownError for a passphrase that is too weak."""
    if text := problem(passphrase):
        raise KnownError(text)
