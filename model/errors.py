"""What can go wrong without a bug in the program: the user, the disk or another program did it."""

# ruff: noqa: N818 - each is named for what is the case.


class KnownError(Exception):
    """Something the user can act on; its text says what happened, what is safe, what to do."""


class NotACasebook(KnownError):
    """The file was never a casebook, or is empty; it was not touched."""


class NewerCasebook(KnownError):
    """The casebook was written by a newer version; it was not touched."""


class DamagedCasebook(KnownError):
    """The file is a casebook, but parts of it cannot be read; it was not touched."""


class WrongPassphrase(KnownError):
    """The passphrase does not open the casebook, which is sound as far as can be told."""


class PassphraseNeeded(KnownError):
    """The casebook is encrypted and no passphrase was given."""


class InvalidRecord(KnownError):
    """A record breaks a rule; nothing was written.

    `problems` holds one sentence for each field that is at fault, by the field's name.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class Conflict(KnownError):
    """What is to be changed or undone is no longer as it was; nothing was written."""


class BadFolder(KnownError):
    """A tidy folder has faults; nothing was written.

    `faults` holds one sentence for each, with file and line.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
