"""Read properties of a TIFF file that picture readers ignore.

Source: TIFF 6.0 (Adobe 1992), sections 2 and 19. Research software writes fractional or signed
values, which readers clip or wrap around: the picture would be wrong.
"""

import struct

_SAMPLE_FORMAT = 339
_UNSIGNED, _UNDEFINED = 1, 4
_SHORT = 3
_MOST_PAGES = 10_000


def count_pages(content: bytes) -> int:
    """Return how many pages of a file can be read, or 1 if none can."""
    order, offset, pages = _order(content), 4, set[int]()
    try:
        while len(pages) < _MOST_PAGES:
            (page,) = struct.unpack_from(f"{order}I", content, offset)
            if not page or page in pages:
                break
            pages.add(page)
            (count,) = struct.unpack_from(f"{order}H", content, page)
            offset = page + 2 + 12 * count
    except struct.error:
        pass
    return max(len(pages), 1)


def has_unsigned_integers(content: bytes) -> bool:
    """Return whether the first page's values are unsigned integers, or its format is not stated.

    Also True for a damaged file, which fails later when it is read.
    """
    order = _order(content)
    try:
        (start,) = struct.unpack_from(f"{order}I", content, 4)
        (count,) = struct.unpack_from(f"{order}H", content, start)
        for index in range(count):
            entry = start + 2 + 12 * index
            tag, field_type, value_count = struct.unpack_from(f"{order}HHI", content, entry)
            if tag == _SAMPLE_FORMAT and field_type == _SHORT:
                offset = entry + 8
                if value_count > 2:
                    (offset,) = struct.unpack_from(f"{order}I", content, offset)
                (sample_format,) = struct.unpack_from(f"{order}H", content, offset)
                return sample_format in (_UNSIGNED, _UNDEFINED)
    except struct.error:
        return True
    return True


def _order(content: bytes) -> str:
    return "<" if content.startswith(b"II") else ">"
