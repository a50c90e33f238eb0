"""Decode image files in a child process, so that a hostile or damaged file cannot end the program.

The child runs `main.py decode-pictures` (the same executable in a bundle), decodes one file after
another and ends with the program. One that crashes, takes too long or needs too much memory is
replaced. Its answers are numbers and texts, never pickled objects.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import IO, Any

import numpy as np

from gui.plots.images import image_pixels
from model.errors import KnownError
from model.imaging.picture import DAMAGED, MOST_PIXELS, Picture
from model.language import _
from model.records import images
from model.records.images import NewImage

COMMAND = "decode-pictures"
"""The command of the program that starts the child; not meant for people."""
MAX_SECONDS = 30.0
"""Time to decode a file; a radiograph of 20 million pixels takes about one second."""
MAX_MEMORY = 3_000_000_000
"""Bytes of address space of the child, where the system can limit them (Linux)."""

_LENGTH = struct.Struct("<Q")
_DTYPES = ("float32", "uint8")


class Decoder:
    """The child process. Threads may share it; their files are decoded one after another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the child, so that the first file does not wait for its imports."""
        with self._lock, suppress(KnownError):
            self._running_child()

    def decode(self, content: bytes) -> Picture:
        """Return the image in the bytes of a file; raise KnownError if it cannot be shown."""
        images.media_type_of(content)  # refuses what is too large or no picture at all
        with self._lock:
            child = self._running_child()
            is_late = threading.Event()

            def end_late_child() -> None:
                is_late.set()
                child.kill()

            timer = threading.Timer(MAX_SECONDS, end_late_child)
            timer.daemon = True
            timer.start()
            try:
                return _ask(child, content)
            except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
                self._stop()
                if is_late.is_set():
                    text = _("The picture takes too long to read. Nothing was added.")
                    raise KnownError(text) from error
                raise KnownError(DAMAGED) from error
            finally:
                timer.cancel()

    def stop(self) -> None:
        """End the child; the next file starts another."""
        with self._lock:
            self._stop()

    def _running_child(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            try:
                self._child = subprocess.Popen(
                    command(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    # Without this, Windows shows an empty terminal.
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as error:
                text = _("No picture can be read at present: {reason}. Nothing was added.")
                raise KnownError(text.format(reason=error.strerror)) from error
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not written yet cannot be written any more
                    pipe.close()


_decoder = Decoder()
atexit.register(_decoder.stop)
start = _decoder.start
decode = _decoder.decode


def prepare(content: bytes) -> tuple[NewImage, Picture]:
    """Return a file as an image to be added, and its pixels; raise as `decode` does."""
    picture = decode(content)
    new = NewImage(
        content=content,
        media_type=images.media_type_of(content),
        thumbnail=image_pixels.thumbnail(picture),
    )
    return new, picture


def command() -> list[str]:
    """Return the command line of the child."""
    if getattr(sys, "frozen", False):  # a bundle has no interpreter beside the program
        return [sys.executable, COMMAND]
    return [sys.executable, str(Path(__file__).parents[3] / "main.py"), COMMAND]


def serve() -> int:
    """Answer requests on standard input until it is closed. Runs in the child."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get among the answers.
    os.dup2(2, 1)

    _limit_resources()
    with requests, answers:
        while (content := _read_block(requests)) is not None:
            for block in _answer(content):
                answers.write(_LENGTH.pack(len(block)))
                answers.write(block)
            answers.flush()
    return 0


def _limit_resources() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # the child writes no files
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _answer(content: bytes) -> list[bytes]:
    """Return a JSON header and the pixels, which are empty when the header names an error."""
    try:
        picture = image_pixels.decode(content)
    except KnownError as error:
        return [json.dumps({"error": str(error)}).encode(), b""]
    except Exception:  # a damaged file can make a library raise anything
        return [json.dumps({"error": DAMAGED}).encode(), b""]
    header = {field.name: getattr(picture, field.name) for field in fields(picture)}
    values = header.pop("values")
    header |= {
        "taken_on": picture.taken_on.isoformat() if picture.taken_on else None,
        "dtype": values.dtype.name,
        "shape": values.shape,
    }
    return [json.dumps(header).encode(), values.tobytes()]


def _ask(child: subprocess.Popen[bytes], content: bytes) -> Picture:
    """Return the answer of the child; raises EOFError or OSError if it ended.

    Raises ValueError, LookupError or TypeError if the answer is garbled.
    """
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(_LENGTH.pack(len(content)))
    child.stdin.write(content)
    child.stdin.flush()
    header_block, pixels = _read_block(child.stdout), _read_block(child.stdout)
    if header_block is None or pixels is None:
        raise EOFError
    header: dict[str, Any] = json.loads(header_block)
    if "error" in header:
        raise KnownError(header["error"])
    dtype, shape = header.pop("dtype"), header.pop("shape")
    if dtype not in _DTYPES:
        raise ValueError(dtype)
    day = header.pop("taken_on")
    return Picture(
        values=np.frombuffer(pixels, dtype).reshape(shape),
        taken_on=date.fromisoformat(day) if day else None,
        remarks=tuple(header.pop("remarks")),
        **header,
    )


def _read_block(stream: IO[bytes]) -> bytes | None:
    """Return the next block, or None at the end; raises EOFError if it is cut off."""
    start_bytes = stream.read(_LENGTH.size)
    if not start_bytes:
        return None
    if len(start_bytes) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(start_bytes)
    if length > MOST_PIXELS * 4:  # grey values of four bytes
        raise EOFError
    block = stream.read(length)
    if len(block) < length:
        raise EOFError
    return block
