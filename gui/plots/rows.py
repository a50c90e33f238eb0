"""Packing of marks into rows so that neither they nor their labels overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

GAP = 8.0


class Extent(NamedTuple):
    """What a mark and its label take up along the axis, in pixels."""

    left: float
    right: float


def pack(extents: Sequence[Extent]) -> list[int]:
    """Return the row of each mark, in the given order, from 0: the first with room."""
    ends: list[float] = []
    rows = []
    for extent in extents:
        row = next((n for n, end in enumerate(ends) if end + GAP <= extent.left), len(ends))
        if row == len(ends):
            ends.append(extent.right)
        ends[row] = extent.right
        rows.append(row)
    return rows


def fitting(variants: Sequence[tuple[str, float]], room: float) -> str:
    """Return the first text that fits, of (text, width) from long to short; empty if none does."""
    return next((text for text, width in variants if width <= room), "")
