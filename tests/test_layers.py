"""The direction of imports, and what stands where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
QT = ("PySide6", "shiboken6", "pyqtgraph", "pytestqt")
STORES = ("sqlite3", "sqlcipher3", "sqlite_utils")
SQL = re.compile(
    r"\bselect\b[^.]+\bfrom\b|\binsert\s+into\b|\bupdate\s+\w+\s+set\b|\bdelete\s+from\b|\bpragma\b",
    re.IGNORECASE,
)
HEAVY = ("pandas", "numpy", "scipy", "pyqtgraph", "openpyxl", *STORES)


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def texts(file: Path) -> Iterator[str]:
    """The strings of a module that are not its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize("file", modules("model"), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_model_knows_neither_qt_nor_the_window(file):
    wrong = [
        name for name in imported(file) if name.split(".")[0] in (*QT, "commands", "gui", "main")
    ]
    assert wrong == []


@pytest.mark.parametrize("file", modules("gui"), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_window_knows_no_sql(file):
    assert [name for name in imported(file) if name.split(".")[0] in STORES] == []
    assert [text for text in texts(file) if SQL.search(text)] == []


def test_what_takes_long_to_import_is_not_imported_before_the_window_is_there():
    code = "import sys, gui.window.app, gui.window.main_window; print(*sys.modules)"
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert [name for name in outcome.stdout.split() if name in HEAVY] == []
