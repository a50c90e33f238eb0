"""Whether there is a display that a window can be shown on."""

from __future__ import annotations

import os
import re
import socket
import sys
from contextlib import closing
from pathlib import Path

_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")
_WITHOUT = ("offscreen", "minimal", "vnc")
"""Platforms of Qt that need no display."""


def has_display() -> bool:
    """Whether Qt will find a display; it would end the program without a word if not.

    Other systems than Linux always have one.
    """
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _WITHOUT:
        return True
    return _has_wayland(os.environ.get("WAYLAND_DISPLAY")) or _has_x(os.environ.get("DISPLAY"))


def _has_wayland(display: str | None) -> bool:
    if not display:
        return False
    return (Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / display).exists()


def _has_x(display: str | None) -> bool:
    """Whether the X server answers; one of another machine is taken on trust."""
    match = _LOCAL_DISPLAY.fullmatch(display or "")
    if not match:
        return bool(display)
    address = f"/tmp/.X11-unix/X{match[1]}"
    # The abstract socket of the same name serves where the folder is not shared, as in containers.
    return any(map(_answers, (address, "\0" + address)))


def _answers(address: str) -> bool:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as client:
        client.settimeout(2)
        try:
            client.connect(address)
        except OSError:
            return False
    return True
