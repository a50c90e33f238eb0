"""What the tests of the window share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gui.session.background import Background


@pytest.fixture
def background(light) -> Iterator[Background]:
    """The worker threads, ended afterwards."""
    background = Background()
    yield background
    background.close()
