"""What this computer remembers between two starts of the program, outside every casebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

USUAL_ANALYTES = ("hb", "plt", "anc", "wbc", "crea")
MOST_RECENT = 8

_RECENT = "recent/paths"
_SECOND_BACKUP_FOLDER = "backups/second_folder"


class Layout(StrEnum):
    """The key of something whose size and position are remembered."""

    WINDOW = "window/geometry"
    PATIENTS = "patients/split"


class CourseOption(StrEnum):
    """A way to draw the course that is on or off."""

    LOG = "log"
    BROKEN = "broken_axis"


def recent_casebooks() -> list[Path]:
    """Return the casebooks opened last that still exist, latest first."""
    stored = QSettings().value(_RECENT, [])
    texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    return [path for path in map(Path, texts) if path.is_file()]


def remember_casebook(path: Path) -> None:
    """Put a casebook at the top of the recent ones."""
    path = path.absolute()
    others = [other for other in recent_casebooks() if other != path]
    QSettings().setValue(_RECENT, [str(each) for each in (path, *others)[:MOST_RECENT]])


def last_page(casebook: Path) -> tuple[int, int] | None:
    """Return id of the patient and position of the tab that were open last in this casebook."""
    settings = QSettings()
    patient = str(settings.value("last/patient"))
    if settings.value("last/path") != str(casebook.absolute()) or not patient.isdigit():
        return None
    return int(patient), int(str(settings.value("last/tab") or 0))


def remember_page(casebook: Path, patient_id: int | None, tab: int) -> None:
    """Remember the patient and the tab that are open."""
    settings = QSettings()
    settings.setValue("last/path", str(casebook.absolute()))
    settings.setValue("last/patient", str(patient_id or ""))
    settings.setValue("last/tab", tab)


def layout_of(layout: Layout) -> QByteArray | None:
    """Return a remembered size and position, as Qt saved it."""
    stored = QSettings().value(layout)
    return stored if isinstance(stored, QByteArray) else None


def remember_layout(layout: Layout, state: QByteArray) -> None:
    """Remember a size and position."""
    QSettings().setValue(layout, state)


def second_backup_folder() -> Path | None:
    """Return the second folder of automatic backups, if one was chosen."""
    stored = QSettings().value(_SECOND_BACKUP_FOLDER)
    return Path(stored) if isinstance(stored, str) and stored else None


def remember_second_backup_folder(folder: Path | None) -> None:
    """Remember the second folder of automatic backups, or that there is none."""
    QSettings().setValue(_SECOND_BACKUP_FOLDER, str(folder.absolute()) if folder else "")


def chosen_analytes(casebook: Path) -> tuple[str, ...]:
    """Return the keys of the analytes drawn for a casebook, in order; the usual ones at first."""
    stored = QSettings().value(_key("course_analytes", casebook))
    try:
        keys = json.loads(stored) if isinstance(stored, str) else None
    except json.JSONDecodeError:
        keys = None
    if not isinstance(keys, list):
        return USUAL_ANALYTES
    return tuple(key for key in keys if isinstance(key, str))


def remember_analytes(casebook: Path, keys: Sequence[str]) -> None:
    """Remember the analytes drawn for a casebook."""
    QSettings().setValue(_key("course_analytes", casebook), json.dumps(list(keys)))


def is_on(casebook: Path, option: CourseOption) -> bool:
    """Return whether a casebook's courses are drawn in this way; at first they are not."""
    return QSettings().value(_key(f"course_{option}", casebook)) in (True, "true")


def turn(casebook: Path, option: CourseOption, on: bool) -> None:
    """Remember whether a casebook's courses are drawn in this way."""
    QSettings().setValue(_key(f"course_{option}", casebook), on)


def _key(group: str, casebook: Path) -> str:
    """Return a key for the casebook: QSettings would read the slashes of its path as groups."""
    digest = hashlib.sha256(str(casebook.absolute()).encode()).hexdigest()
    return f"{group}/{digest[:16]}"
