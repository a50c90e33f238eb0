"""A damaged picture is refused with a sentence; it never ends the program."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]

_DECODE = """
import random
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage
from gui.plots.images import image_pixels
from model.errors import KnownError

app = QGuiApplication([])
image = QImage(200, 150, QImage.Format.Format_RGB32)
for x in range(200):
    for y in range(150):
        image.setPixel(x, y, (x * y * 7) & 0xFFFFFF)
buffer = QBuffer()
buffer.open(QIODevice.OpenModeFlag.WriteOnly)
image.save(buffer, "JPG", 90)
whole = bytes(buffer.data())
chance = random.Random(1)
refused = 0
for number in range(400):
    content = bytearray(whole)
    if number % 2:
        content = content[: chance.randrange(4, len(content))]
    else:
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(3, 700)] = chance.randrange(256)
    try:
        image_pixels._decode_jpeg(bytes(content))
    except KnownError:
        refused += 1
print("refused", refused)
"""


def test_four_hundred_damaged_jpegs_do_not_end_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DECODE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-400:]
    refused = int(done.stdout.split()[-1])
    assert 100 < refused < 400
