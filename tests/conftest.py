"""What every test stands on: no display, no settings of the user, nothing left behind."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# As in the program, the guard of overrides stands before any class of Qt or pyqtgraph is made.
import gui  # noqa: F401

# Examples are the same on every run; `make fuzz` looks for new ones, which are then added to the
# tests as `@example`.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("fuzz", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

if not os.environ.get("THERALOG_TEST_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The system's own colours and scale would make pictures and sizes differ from place to place.
os.environ.setdefault("QT_QPA_PLATFORMTHEME", "")

LONGEST_WAIT = 180
"""Seconds after which a dialog that still waits is given up."""

HANGS = 600
"""Seconds after which a test stands still; no ordinary one takes a fiftieth of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say what it cannot do, which fails no test."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        unable = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
        for item in items:
            item.add_marker(unable)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End the run at a test that stands still, saying briefly which it is and where it stands.

    Where not even this can run, pytest's own faulthandler ends it a little later.
    """
    if item.get_closest_marker("slow"):
        return (yield)
    main = threading.get_ident()

    def end() -> None:
        stands = traceback.extract_stack(sys._current_frames()[main])[-12:]
        lines = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in stands]
        said = f"\n{item.nodeid} has stood still for {HANGS} s at\n  " + "\n  ".join(lines)
        with item.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            sys.stderr.write(f"{said}\n")
            sys.stderr.flush()
            os._exit(1)

    timer = threading.Timer(HANGS, end)
    timer.daemon = True
    timer.start()
    try:
        return (yield)
    finally:
        timer.cancel()
        timer.join()


@pytest.fixture(scope="session", autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep settings, logs and recent files of the tests away from those of the user."""
    home = tmp_path_factory.mktemp("home")
    before = dict(os.environ)
    for name, folder in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
    ):
        os.environ[name] = str(home / folder)
        (home / folder).mkdir()
    from PySide6.QtCore import QSettings, QStandardPaths

    QStandardPaths.setTestModeEnabled(sys.platform != "linux")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "config"))
    yield
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread or a window."""
    threads = set(threading.enumerate())
    windows = {id(window) for window in _windows()}
    yield
    left = _new_threads(threads)
    if left:
        pytest.fail(f"These threads were left: {', '.join(thread.name for thread in left)}.")
    found = [window for window in _windows() if id(window) not in windows]
    if found:
        gc.collect()
        _let_go()
        found = [window for window in _windows() if id(window) not in windows]
    names = [type(window).__name__ for window in found]
    for window in found:
        window.close()
        window.deleteLater()
    if found:
        _let_go()
        pytest.fail(f"These windows were left: {', '.join(names)}.")


@pytest.fixture(autouse=True)
def _no_dialog_waits_for_ever() -> Iterator[None]:
    """Give up a dialog that nobody answers, and fail its test: a hang would tell nothing."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    app = widgets.QApplication.instance() if widgets else None
    if app is None:
        yield
        return
    from PySide6.QtCore import QTimer

    left: list[str] = []

    def give_up() -> None:
        dialog = app.activeModalWidget() or app.activePopupWidget()
        if dialog is not None:
            left.append(f"{type(dialog).__name__} “{dialog.windowTitle()}”")
            dialog.done(0) if hasattr(dialog, "done") else dialog.close()
            timer.start(500)

    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(give_up)
    timer.start(LONGEST_WAIT * 1000)
    yield
    timer.stop()
    if left:
        pytest.fail(f"Nobody answered {', '.join(left)} within {LONGEST_WAIT} s.")


@pytest.fixture
def light(qapp):
    """The application in light colours."""
    from gui.style import theme

    theme.apply(qapp, theme.Scheme.LIGHT)
    return qapp


@pytest.fixture
def folder_of_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's program data of this test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    end = time.monotonic() + 2
    while time.monotonic() < end:
        left = [thread for thread in threading.enumerate() if thread not in before]
        # Threads that Qt made show up as dummies once they have called Python.
        left = [thread for thread in left if thread.is_alive() and "Dummy" not in thread.name]
        if not left:
            return []
        time.sleep(0.02)
    return left


def _windows() -> list:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    return [window for window in widgets.QApplication.topLevelWidgets() if window.parent() is None]


def _let_go() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


@pytest.fixture(scope="session")
def nci_workbook(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The path of NCI's workbook of a version; what it holds is not part of the project.

    `CTCAE_WORKBOOKS` names a folder with the two workbooks, CTCAE_v5.0.xlsx and CTCAE_v6.0.xlsx
    (`make check-wording`). Without it they are built with the sheets, titles and blanks of NCI's
    and words of our own.
    """
    from tests.model.ctcae.workbooks import save_like_nci

    folder = os.environ.get("CTCAE_WORKBOOKS")

    def path(version: str) -> Path:
        if folder:
            return Path(folder) / f"CTCAE_v{version}.xlsx"
        made = tmp_path_factory.getbasetemp() / f"CTCAE_v{version}.xlsx"
        return made if made.exists() else save_like_nci(made, version)

    return path


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty small, fixed patients, closed, to be copied: opening it would write to it."""
    from model.exchange.new_casebook import new_casebook
    from model.store.settings import SYNTHETIC

    path = tmp_path_factory.mktemp("demo") / "demo.theralog"
    folder = Path(__file__).parent / "files" / "demo_v1"
    new_casebook(path, folder=folder, settings={SYNTHETIC: "yes"})
    return path


@pytest.fixture
def demo_copy(demo_file: Path, tmp_path: Path) -> Path:
    """The demo casebook, closed, for one test alone."""
    return Path(shutil.copy(demo_file, tmp_path))
