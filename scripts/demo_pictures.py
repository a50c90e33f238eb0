"""Draw the key images of the demo: maximum-intensity projections of a patient who does not exist.

`python scripts/demo_pictures.py` writes them with their table into `resources/demo`. Only sums,
products, quotients and roots are used, so that every computer draws the same pixels.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
DEMO = ROOT / "resources" / "demo"
PATIENT = "SYN-001"
WIDTH, HEIGHT = 300, 620
SEED = 225

# Day, caption, and the size and the uptake of the lesions as parts of those before treatment.
PICTURES = (
    (date(2023, 7, 18), "Before treatment", 1.0, 1.0),
    (date(2023, 9, 18), "After cycle 1", 0.78, 0.72),
    (date(2023, 11, 13), "After cycle 2", 0.55, 0.5),
)

# Soft tissue as ellipses: centre, half axes, uptake.
BODY = (
    (150, 56, 34, 44, 0.11),
    (150, 112, 20, 26, 0.10),
    (150, 150, 78, 30, 0.11),
    (150, 250, 74, 130, 0.13),
    (150, 372, 70, 62, 0.13),
    (112, 500, 32, 118, 0.09),
    (188, 500, 32, 118, 0.09),
    (52, 262, 17, 128, 0.08),
    (248, 262, 17, 128, 0.08),
)
# Physiological uptake as spots with soft edges: centre, half axes, uptake.
ORGANS = (
    (150, 62, 4, 4, 0.34),  # pituitary
    (119, 90, 8, 12, 0.22),  # salivary glands
    (181, 90, 8, 12, 0.22),
    (106, 226, 46, 34, 0.33),  # liver, as seen from the front
    (132, 218, 34, 20, 0.28),
    (206, 232, 17, 26, 0.88),  # spleen
    (114, 288, 15, 27, 0.97),  # kidneys
    (187, 284, 15, 27, 1.0),
    (150, 404, 21, 17, 1.0),  # bladder
    (152, 316, 26, 12, 0.19),  # bowel
    (122, 344, 16, 26, 0.17),
    (184, 348, 16, 24, 0.16),
)
# Lesions: centre, radius, uptake.
LESIONS = (
    (86, 214, 12, 0.95),
    (112, 238, 9, 0.9),
    (128, 206, 7.5, 0.85),
    (98, 250, 7, 0.8),
    (76, 238, 6, 0.75),
    (120, 222, 5, 0.8),
    (150, 188, 5.5, 0.72),  # spine
    (151, 332, 6.5, 0.78),
    (122, 382, 7, 0.7),  # pelvis
    (182, 376, 5, 0.62),
    (168, 172, 3.5, 0.55),  # rib
)

# The letters that are burned in, 5 by 7 dots each. Each number holds the bits of one row.
LETTERS = {
    "S": (15, 16, 16, 14, 1, 1, 30),
    "Y": (17, 17, 10, 4, 4, 4, 4),
    "N": (17, 25, 21, 19, 17, 17, 17),
    "T": (31, 4, 4, 4, 4, 4, 4),
    "H": (17, 17, 17, 31, 17, 17, 17),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "I": (14, 4, 4, 4, 4, 4, 14),
    "C": (14, 17, 16, 16, 16, 17, 14),
}
WORD = "SYNTHETIC"
DOT = 3
TEXT_GREY = 70

Grey = NDArray[np.uint8]


def main() -> int:
    """Write the pictures and their table; pictures of an earlier run are deleted."""
    from model.exchange.tidy.pictures import FOLDER
    from model.exchange.tidy.writing import write_csv

    (DEMO / FOLDER).mkdir(exist_ok=True)
    for old in (DEMO / FOLDER).iterdir():
        old.unlink()
    rows = []
    for taken_on, caption, size, uptake in PICTURES:
        content = _png(draw(size, uptake))
        name = _file_name(taken_on, content)
        (DEMO / FOLDER / name).write_bytes(content)
        rows.append([PATIENT, f"{taken_on}", name, f"{caption} (synthetic)", f"{taken_on}"])
        print(f"{name}: {len(content) / 1024:.0f} KB")
    header = ["patient_id", "date", "file", "caption", "assessment_date"]
    write_csv(DEMO / "key_images.csv", header, rows)
    return 0


def picture_files() -> list[Path]:
    """Return the files of the pictures in `resources/demo`, in the order of their table."""
    with (DEMO / "key_images.csv").open(encoding="utf-8", newline="") as file:
        return [DEMO / "images" / row["file"] for row in csv.DictReader(file)]


def draw(size: float, uptake: float) -> Grey:
    """Return a picture in which uptake is dark; `size` and `uptake` scale the lesions."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    intensity = np.zeros((HEIGHT, WIDTH))
    for x, y, half_width, half_height, value in BODY:
        distance = ((across - x) / half_width) ** 2 + ((down - y) / half_height) ** 2
        # Even up to 0.9 of the half axes, fading out at 1.1 of them.
        edge = np.clip((1.1 - np.sqrt(distance)) / 0.2, 0, 1)
        intensity = np.maximum(intensity, value * edge)
    for x, y, half_width, half_height, value in ORGANS:
        spot = _spot(across, down, x, y, half_width, half_height, value)
        intensity = np.maximum(intensity, spot)
    for x, y, radius, value in LESIONS:
        half = radius * size
        spot = _spot(across, down, x, y, half, half, value * uptake)
        intensity = np.maximum(intensity, spot)
    intensity += _noise() * (0.25 + intensity)
    grey = 255 - np.clip(intensity * 255, 0, 255)
    pixels: Grey = np.rint(grey).astype(np.uint8)
    _burn_in_word(pixels)
    return pixels


def _spot(
    across: NDArray[Any],
    down: NDArray[Any],
    x: float,
    y: float,
    half_width: float,
    half_height: float,
    value: float,
) -> NDArray[Any]:
    """Return an elliptical spot that is bright within its half axes and fades beyond them."""
    distance = ((across - x) / half_width) ** 2 + ((down - y) / half_height) ** 2
    return value / (1 + distance * distance * distance)


def _noise() -> NDArray[Any]:
    """Return noise like that of a scanner: random numbers, each the mean of nine neighbours."""
    numbers = np.random.default_rng(SEED).integers(-100, 101, (HEIGHT + 2, WIDTH + 2))
    total = sum(
        numbers[row : row + HEIGHT, column : column + WIDTH]
        for row in range(3)
        for column in range(3)
    )
    return np.asarray(total) / 9 / 1000


def _burn_in_word(pixels: Grey) -> None:
    """Draw the word along the lower edge."""
    left = (WIDTH - len(WORD) * 6 * DOT) // 2
    top = HEIGHT - 9 * DOT
    for index, letter in enumerate(WORD):
        for row, dots in enumerate(LETTERS[letter]):
            for column in range(5):
                if dots >> (4 - column) & 1:
                    x, y = left + (index * 6 + column) * DOT, top + row * DOT
                    pixels[y : y + DOT, x : x + DOT] = TEXT_GREY


def _png(pixels: Grey) -> bytes:
    from PySide6.QtGui import QImage

    from gui.plots.images.image_pixels import png

    picture = QImage(pixels.tobytes(), WIDTH, HEIGHT, WIDTH, QImage.Format.Format_Grayscale8)
    return png(picture)


def _file_name(taken_on: date, content: bytes) -> str:
    from model.exchange.tidy.pictures import file_of
    from model.records import images

    image = images.KeyImage(patient_id=0, taken_on=taken_on, media_type=images.PNG, image_data_id=0)
    return file_of(image, PATIENT, hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    sys.exit(main())
