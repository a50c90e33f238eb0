"""A picture as an array of numbers, and its conversion to shades of grey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.language import _

MOST_PIXELS = 30_000_000
"""Above any screenshot or projection radiograph (about 20 million)."""
DAMAGED = _("The file is damaged and cannot be read as a picture. Nothing was added.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """Pixels, and how they are shown on opening."""

    values: NDArray[Any]
    """Grey: float32 (rows, columns). Colour: uint8 (rows, columns, 3), red, green, blue."""
    low: float
    high: float
    """The values that are drawn black (`low`) and white (`high`), or the reverse if inverted."""
    inverted: bool = False
    aspect: float = 1.0
    """Height of a pixel divided by its width."""
    taken_on: date | None = None
    remarks: tuple[str, ...] = ()


def picture_of(values: NDArray[Any], **properties: Any) -> Picture:
    """Return a picture shown from its smallest to its largest value; colours from 0 to 255."""
    if values.ndim == 3:
        return Picture(values=np.ascontiguousarray(values, np.uint8), low=0, high=255, **properties)
    grey = np.nan_to_num(np.ascontiguousarray(values, np.float32))
    low, high = float(grey.min()), float(grey.max())
    return Picture(values=grey, low=low, high=high if high > low else low + 1, **properties)


def grey_shades(picture: Picture, low: float, high: float, every: int = 1) -> NDArray[np.uint8]:
    """Return the picture's values as shades from 0 to 255, inverted if the picture is.

    Only every `every`-th row and column is used, which is enough for a small picture.
    """
    values = picture.values[::every, ::every]
    if values.dtype == np.uint8:
        greys = np.take(_shades(np.arange(256), low, high), values)
    else:
        greys = _shades(values, low, high)
    return np.invert(greys) if picture.inverted else greys


def _shades(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    scale = 255 / (high - low if high != low else 1e-6)
    greys: NDArray[np.float32] = np.clip((values.astype(np.float32) - low) * scale, 0, 255)
    return greys.astype(np.uint8)
