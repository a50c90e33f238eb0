"""Pictures are decoded in a child process: what ends or holds up the child leaves the program."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

import main
from gui.plots.images import decoder, image_pixels
from gui.plots.images.decoder import Decoder
from model.errors import KnownError

pytestmark = pytest.mark.usefixtures("qapp")


def picture(form: str = "PNG", width: int = 30) -> bytes:
    image = QImage(width, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 40, 10))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@pytest.fixture
def own_decoder(monkeypatch):
    own = Decoder()
    yield own
    own.stop()


def child_that(monkeypatch, code: str) -> None:
    """Let the next children run `code` in place of the program."""
    monkeypatch.setattr(decoder, "command", lambda: [sys.executable, "-c", code])


@pytest.mark.parametrize("form", ["PNG", "JPG"])
def test_the_child_decodes_as_the_program_would(own_decoder, form):
    content = picture(form)
    expected, decoded = image_pixels.decode(content), own_decoder.decode(content)
    assert np.array_equal(decoded.values, expected.values)
    assert decoded.values.dtype == expected.values.dtype
    for name in ("low", "high", "inverted", "aspect", "taken_on", "remarks"):
        assert getattr(decoded, name) == getattr(expected, name)


def test_the_demo_dicom_keeps_day_and_window(own_decoder):
    folder = Path(__file__).parents[4] / "resources" / "demo"
    files = [path for path in folder.rglob("*") if path.suffix.lower() in (".dcm", ".ima")]
    for path in files:
        expected, decoded = (
            image_pixels.decode(path.read_bytes()),
            own_decoder.decode(path.read_bytes()),
        )
        assert np.array_equal(decoded.values, expected.values)
        assert (decoded.taken_on, decoded.low) == (expected.taken_on, expected.low)


def test_what_is_refused_keeps_its_sentence_and_the_child(own_decoder):
    own_decoder.decode(picture())
    child = own_decoder._child.pid
    with pytest.raises(KnownError, match="damaged"):
        own_decoder.decode(picture("JPG")[:40])
    own_decoder.decode(picture())
    assert own_decoder._child.pid == child


def test_a_child_that_crashes_costs_one_sentence(own_decoder, monkeypatch):
    with monkeypatch.context() as changed:
        child_that(changed, "import sys, os; sys.stdin.buffer.read(1); os.abort()")
        with pytest.raises(KnownError, match="damaged"):
            own_decoder.decode(picture())
    assert own_decoder.decode(picture()).values.shape == (20, 30, 3)


def test_a_child_that_was_killed_is_replaced(own_decoder):
    own_decoder.decode(picture())
    own_decoder._child.kill()
    own_decoder._child.wait()
    assert own_decoder.decode(picture()).values.shape == (20, 30, 3)


@pytest.mark.parametrize("reads", ["", "sys.stdin.buffer.read(1);"])
def test_a_child_that_never_answers_is_ended(own_decoder, monkeypatch, reads):
    monkeypatch.setattr(decoder, "MAX_SECONDS", 0.5)
    child_that(monkeypatch, f"import sys, time; {reads} time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(KnownError, match="too long"):
        own_decoder.decode(picture(width=3_000))
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00" * 16,
        b"\x02" + b"\x00" * 7 + b"{}" + b"\x00" * 8,
        b"\x02" + b"\x00" * 7 + b"[]" + b"\x00" * 8,
        b"\xff" * 16,
        b"\x05" + b"\x00" * 7 + b"ab",
    ],
)
def test_a_garbled_answer_is_one_sentence(own_decoder, monkeypatch, answer):
    child_that(
        monkeypatch,
        f"import sys; sys.stdin.buffer.read(9); sys.stdout.buffer.write({answer!r})",
    )
    with pytest.raises(KnownError, match="damaged"):
        own_decoder.decode(picture())


def test_a_child_that_cannot_be_started_is_one_sentence(own_decoder, monkeypatch):
    monkeypatch.setattr(decoder, "command", lambda: ["/no/such/program"])
    own_decoder.start()
    with pytest.raises(KnownError, match="No picture can be read at present"):
        own_decoder.decode(picture())


def test_a_bundle_starts_itself(monkeypatch):
    assert Path(decoder.command()[1]).samefile(main.__file__)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert decoder.command() == [sys.executable, main._DECODE_PICTURES]
    assert decoder.COMMAND == main._DECODE_PICTURES


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_the_child_has_limits_and_ends_with_the_program(own_decoder):
    own_decoder.decode(picture())
    child = own_decoder._child
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    assert str(decoder.MAX_MEMORY) in limits
    files = next(line for line in limits.splitlines() if line.startswith("Max file size"))
    assert files.split()[3] == "0"
    child.stdin.close()
    assert child.wait(timeout=30) == 0
