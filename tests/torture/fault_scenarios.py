"""What is tried while writes fail: run in a process of its own, `scenario folder`.

Prints `saved N` after each step that was acknowledged and `done` at the end; a KnownError is its
sentence on standard error and exit code 1.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from model.errors import KnownError
from model.exchange.export import export
from model.exchange.new_casebook import new_casebook
from model.store import erasing, rekeying
from model.store.backups import files, restoring, writing
from model.store.casebook import Casebook
from model.store.damage.salvage import salvage

STEPS = 4
PASSPHRASE = "four unrelated plain words"


def _new(folder: Path) -> None:
    new_casebook(folder / "new.theralog", folder=folder.parent / "tidy")


def _save(folder: Path) -> None:
    with Casebook.open(folder / "mine.theralog") as casebook:
        for number in range(STEPS):
            with casebook.step("Add patient") as step:
                step.put("patient", {"code": f"S-{number}", "comment": "x" * 3_000})
            print("saved", number, flush=True)


def _export(folder: Path) -> None:
    with Casebook.open(folder / "mine.theralog") as casebook:
        export(casebook, folder / "out")


def _backup(folder: Path) -> None:
    with Casebook.open(folder / "mine.theralog") as casebook:
        writing.backup(casebook, at=datetime(2024, 3, 7))


def _restore(folder: Path) -> None:
    backup = files.all_backups(folder / "mine.theralog")[0].path
    restoring.restore(folder / "mine.theralog", backup, None, at=datetime(2024, 3, 8))


def _rekey(folder: Path) -> None:
    rekeying.change_passphrase(folder / "mine.theralog", None, PASSPHRASE, at=datetime(2024, 3, 8))


def _upgrade(folder: Path) -> None:
    Casebook.open(folder / "older.theralog").close()


def _salvage(folder: Path) -> None:
    salvage(folder / "mine.theralog", None, folder / "salvaged.theralog")


def _erase(folder: Path) -> None:
    with Casebook.open(folder / "mine.theralog") as casebook:
        (patient,) = casebook.rows("select min(id) as id from patient")
        erasing.erase(casebook, patient["id"], "On request")


SCENARIOS: dict[str, Callable[[Path], None]] = {
    "new": _new,
    "save": _save,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "rekey": _rekey,
    "upgrade": _upgrade,
    "salvage": _salvage,
    "erase": _erase,
}

if __name__ == "__main__":
    try:
        SCENARIOS[sys.argv[1]](Path(sys.argv[2]))
    except KnownError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print("done", flush=True)
