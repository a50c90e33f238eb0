"""The demo's pictures are those that their script draws."""

from __future__ import annotations

import csv
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from gui.plots.images.image_pixels import decode

SCRIPT = Path(__file__).parents[1] / "scripts" / "demo_pictures.py"


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("demo_pictures", SCRIPT)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_script_redraws_the_same_pixels(script):
    kept = script.picture_files()
    assert len(kept) == len(script.PICTURES)
    for path, (taken_on, _, size, uptake) in zip(kept, script.PICTURES, strict=True):
        assert f"{taken_on}" in path.name
        assert np.array_equal(decode(path.read_bytes()).values, script.draw(size, uptake))
        assert path.stat().st_size < 150_000


def test_lesions_grow_smaller_and_the_kidneys_stay(script):
    first, second, third = (script.draw(size, uptake) for *_, size, uptake in script.PICTURES)
    for x, y, *_ in script.LESIONS[:5]:
        assert int(first[y, x]) < int(second[y, x]) < int(third[y, x])
    assert first[288, 114] == third[288, 114]


def test_every_picture_and_caption_says_that_it_is_synthetic(script):
    top = script.HEIGHT - 9 * script.DOT
    for *_, size, uptake in script.PICTURES:
        assert (script.draw(size, uptake)[top:] == script.TEXT_GREY).sum() > 1000
    with (script.DEMO / "key_images.csv").open(encoding="utf-8") as file:
        assert all("synthetic" in row["caption"] for row in csv.DictReader(file))
