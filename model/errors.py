"""Errors with a cause outside the program: the user, the disk or another program."""


class KnownError(Exception):
    """An error the user can act on; its text says what happened, what is safe and what to do."""


class NotACasebook(KnownError):
    """The file is not a casebook, or is empty; it was not touched."""


class NewerCasebook(KnownError):
    """The casebook was written by a newer version; it was not touched."""


class DamagedCasebook(KnownError):
    """The file is a casebook, but parts of it cannot be read; it was not touched."""


class WrongPassphrase(KnownError):
    """The passphrase does not open the casebook; no damage was found."""


class PassphraseNeeded(KnownError):
    """The casebook is encrypted and no passphrase was given."""


class InvalidRecord(KnownError):
    """A record breaks a rule; nothing was written.

    `problems` has one sentence for each field at fault, by name of the field.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class Conflict(KnownError):
    """A record to be changed or undone was changed in the meantime; nothing was written."""


class BadFolder(KnownError):
    """A tidy folder has faults; nothing was written.

    `faults` has one sentence for each, with file and line.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
