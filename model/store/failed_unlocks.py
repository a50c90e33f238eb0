"""Attempts to unlock a casebook that failed: counted outside it, slowed down, journalled later.

A casebook that was not unlocked cannot be written to. The times of the attempts wait in the user's
folder until somebody unlocks it for editing, by its salt: neither its name nor its path is kept.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from model.store.keys import SALT_SIZE
from model.user_folder import user_folder

FREE = 3
"""How many attempts in a row are not slowed down."""
_LONGEST = 16  # seconds
_WINDOW = timedelta(minutes=15)
_KEPT = 100


def note(path: Path) -> None:
    """Note an attempt that failed now."""
    known = _read()
    times = known.setdefault(_name(path), [])
    times.append(datetime.now(UTC).isoformat(timespec="seconds"))
    del times[:-_KEPT]
    _write(known)


def delay(path: Path) -> float:
    """Return how many seconds to wait before the next attempt: 0 at first, then 1, 2, 4, … 16."""
    since = datetime.now(UTC) - _WINDOW
    times = _read().get(_name(path), [])
    recent = sum(datetime.fromisoformat(time) > since for time in times)
    return float(min(2 ** (recent - FREE), _LONGEST)) if recent >= FREE else 0.0


def take(path: Path) -> list[str]:
    """Return the times of the attempts that failed, in UTC, and forget them."""
    known = _read()
    times = known.pop(_name(path), [])
    if times:
        _write(known)
    return times


def _name(path: Path) -> str:
    with suppress(OSError), path.open("rb") as file:
        return file.read(SALT_SIZE).hex()
    return ""


def _file() -> Path:
    return user_folder() / "failed_unlocks.json"


def _read() -> dict[str, list[str]]:
    with suppress(OSError, ValueError):
        known = json.loads(_file().read_text(encoding="utf-8"))
        if isinstance(known, dict):
            return known
    return {}


def _write(known: dict[str, list[str]]) -> None:
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text(json.dumps(known), encoding="utf-8")
        _file().chmod(0o600)
