"""Pack marks into rows so that neither they nor their labels overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

GAP = 8.0
"""Pixels between neighbours in a row."""


class Extent(NamedTuple):
    """The pixels that a mark and its label take along the axis."""

    left: float
    right: float


def pack_rows(extents: Sequence[Extent]) -> list[int]:
    """Return the row of each mark, from 0: in their order, each takes the first row with room."""
    ends: list[float] = []
    rows = []
    for extent in extents:
        row = next((n for n, end in enumerate(ends) if end + GAP <= extent.left), len(ends))
        if row == len(ends):
            ends.append(extent.right)
        ends[row] = extent.right
        rows.append(row)
    return rows


def longest_fitting(variants: Sequence[tuple[str, float]], room: float) -> str:
    """Return the first text that fits into the room, or an empty one.

    `variants` are texts with their widths, from long to short.
    """
    return next((text for text, width in variants if width <= room), "")
