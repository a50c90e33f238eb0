"""What the pages of a file tell when its start is lost: whether it was a casebook.

The header is in the first page of a file. When that was overwritten, the other pages still tell an
encrypted casebook, whose pages look random, and one without a passphrase, whose pages are those of
an SQLite database (SQLite file format, "B-tree Pages").
"""

from collections.abc import Iterator
from pathlib import Path

from model.store.keys import PAGE_SIZE, SALT_SIZE

SUFFIX = ".theralog"
_MIN_DISTINCT_BYTES = 200  # 4,096 random bytes almost surely have over 240 of 256 values
_MIN_DISTINCT_IN_SALT = 8  # 16 random bytes have fewer once in 10¹² casebooks
_SAMPLE = 64  # pages
_BTREE_PAGES = (2, 5, 10, 13)
_OURS = (b"m001_first_casebook", b'"changed_at": "', b"Import folder")


def looks_random(page: bytes) -> bool:
    """Return whether a page may be one of an encrypted casebook."""
    return len(page) == PAGE_SIZE and len(set(page)) >= _MIN_DISTINCT_BYTES


def has_lost_its_start(path: Path) -> bool:
    """Return whether the first page, or the salt in it, cannot be one of an encrypted casebook."""
    with path.open("rb") as file:
        page = file.read(PAGE_SIZE)
    return not looks_random(page) or len(set(page[:SALT_SIZE])) < _MIN_DISTINCT_IN_SALT


def was_encrypted(path: Path) -> bool:
    """Return whether a file is whole pages that look random from some page to the end."""
    if path.stat().st_size % PAGE_SIZE:
        return False
    random = [looks_random(page) for page in _sample(path)]
    return any(random) and all(random[random.index(True) :])


def was_plain(path: Path) -> bool:
    """Return whether a file has the pages of an SQLite database, and traces of a casebook."""
    pages = [page for page in _sample(path) if any(page)]
    if not pages or sum(map(_is_btree_page, pages)) < len(pages) / 4:
        return False
    return path.suffix == SUFFIX or any(_contains(path, trace) for trace in _OURS)


def _sample(path: Path) -> Iterator[bytes]:
    """Yield pages after the first, evenly spread over the file, with its last one."""
    pages = path.stat().st_size // PAGE_SIZE
    if pages < 2:
        return
    count = min(_SAMPLE, pages - 1)
    with path.open("rb") as file:
        for number in range(1, count + 1):
            file.seek((pages - 1) * number // count * PAGE_SIZE)
            yield file.read(PAGE_SIZE)


def _is_btree_page(page: bytes) -> bool:
    """Return whether a page begins like one of a table or an index."""
    if len(page) < PAGE_SIZE or page[0] not in _BTREE_PAGES:
        return False
    header = 12 if page[0] in (2, 5) else 8
    cells = int.from_bytes(page[3:5], "big")
    content_starts_at = int.from_bytes(page[5:7], "big") or 65536
    return header + 2 * cells <= content_starts_at <= PAGE_SIZE


def _contains(path: Path, text: bytes) -> bool:
    with path.open("rb") as file:
        end = b""
        while part := file.read(1 << 20):
            if text in end + part:
                return True
            end = part[-len(text) :]
    return False
