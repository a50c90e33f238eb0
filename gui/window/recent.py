"""The casebooks that were opened last: only their paths are kept, never anything of what is in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

_KEY = "recent/paths"
MOST = 8


def recent() -> list[Path]:
    """The casebooks opened last, latest first, as far as they are still there."""
    kept = QSettings().value(_KEY, [])
    texts = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
    return [path for path in map(Path, texts) if path.is_file()]


def remember(path: Path) -> None:
    """Put a casebook at the top of the list."""
    path = path.absolute()
    others = [other for other in recent() if other != path]
    QSettings().setValue(_KEY, [str(known) for known in (path, *others)[:MOST]])


def forget(path: Path) -> None:
    """Take a casebook off the list; the file stays."""
    others = [other for other in recent() if other != path.absolute()]
    QSettings().setValue(_KEY, [str(known) for known in others])
