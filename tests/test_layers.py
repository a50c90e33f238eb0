"""The direction of imports, and what may know what.

docs/architecture.md explains the two tables; they are changed here first.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
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

FLAT = "errors dates version user_folder cells language rounding whole_file error_log input_file"
MODEL = {
    "errors": "language",
    "dates": "errors language",
    "version": "",
    "user_folder": "",
    "error_log": "user_folder",
    "cells": "",
    "language": "",
    "rounding": "",
    "input_file": "errors language",
    "privacy": "",
    "unfinished": "user_folder",
    "whole_file": "errors language unfinished",
    "store": FLAT,
    "reference": FLAT,
    "ctcae": f"{FLAT} reference",
    "records": f"{FLAT} store reference ctcae",
    "derived": f"{FLAT} store reference ctcae records",
    "imaging": f"{FLAT} store reference ctcae records",
    "grading": f"{FLAT} store reference ctcae records derived",
    "course": f"{FLAT} store reference ctcae records derived grading",
    "readiness": f"{FLAT} store reference ctcae records derived grading",
    "due": f"{FLAT} store reference ctcae records readiness",
    "cohort": f"{FLAT} store reference ctcae records derived grading course imaging",
    "documents": f"{FLAT} store reference ctcae records derived due grading course",
    "exchange": f"{FLAT} store reference ctcae records derived imaging due grading course readiness"
    " cohort",
}
"""What the packages of `model` may import from `model`, besides themselves."""

_PAGES = "style session fields words actions administered widgets reports forms plots plots/*"
GUI = {
    "__init__": "overrides",
    "overrides": "",
    "style": "",
    "session": "",
    "fields": "style",
    "words": "style",
    "actions": "style",
    "administered": "style words",
    "widgets": "style session words",
    "plots": "style widgets words",
    "plots/course": "style widgets words plots",
    "plots/cohort": "style widgets words plots",
    "plots/history": "style widgets words plots",
    "plots/images": "style widgets words plots",
    "reports": "style session widgets words administered plots plots/*",
    "forms": "style session fields words administered widgets reports",
    "pages/*": _PAGES,
    "pages/patients": f"{_PAGES} pages/patient",
    "window": "*",
}
"""What the packages of `gui` may import from `gui`, besides themselves; `*` stands for any name."""


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def names_imported(file: Path) -> tuple[str, ...]:
    """Every name a file imports, wherever in it: `from a.b import c` gives `a.b` and `a.b.c`."""
    names: list[str] = []
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


def file_of(name: str) -> Path | None:
    """The file of a module of this project, if the name is one."""
    path = ROOT.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


@cache
def files_imported(file: Path) -> frozenset[Path]:
    """The files of this project that a file imports; packages only where they define something."""
    found = {other for name in names_imported(file) if (other := file_of(name))}
    return frozenset(other for other in found if other != file and len(tree_of(other).body) > 1)


def package_of(file: Path, side: str, packages: dict[str, str]) -> str:
    """The package of the tables that a file belongs to: the longest that fits, or its own name."""
    parts = file.relative_to(ROOT / side).with_suffix("").parts
    for length in range(len(parts), 0, -1):
        name = "/".join(parts[:length])
        if name in packages:
            return name
    if side == "gui" and parts[0] in ("pages", "plots") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def fits(package: str, patterns: str) -> bool:
    return any(re.fullmatch(pattern.replace("*", ".*"), package) for pattern in patterns.split())


def strings(file: Path) -> Iterator[str]:
    """The strings of a module that are not its docstrings."""
    tree = tree_of(file)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.value


@pytest.mark.parametrize("file", modules("model"), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_model_knows_neither_qt_nor_the_window(file):
    wrong = [name for name in names_imported(file) if name.split(".")[0] in (*QT, "gui", "main")]
    assert wrong == []


@pytest.mark.parametrize("file", modules("gui"), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_window_knows_no_sql(file):
    assert [name for name in names_imported(file) if name.split(".")[0] in STORES] == []
    assert [text for text in strings(file) if SQL.search(text)] == []


@pytest.mark.parametrize("side", ["model", "gui"])
def test_imports_follow_the_tables(side):
    table = {"model": MODEL, "gui": GUI}[side]
    upward = []
    for file in modules(side):
        package = package_of(file, side, table)
        allowed = table.get(package)
        if allowed is None:
            allowed = table.get(f"{package.split('/')[0]}/*", "")
        for other in sorted(files_imported(file)):
            if not other.is_relative_to(ROOT / side):
                continue
            target = package_of(other, side, table)
            if target != package and not fits(target, allowed):
                upward.append(f"{file.relative_to(ROOT)} -> {other.relative_to(ROOT)}")
    assert upward == []


def test_no_files_import_one_another_in_a_circle():
    files = [*modules("model"), *modules("gui"), *ROOT.glob("*.py")]
    try:
        TopologicalSorter({file: files_imported(file) for file in files}).prepare()
    except CycleError as error:
        circle = [str(file.relative_to(ROOT)) for file in error.args[1]]
        pytest.fail(" <- ".join(circle))


def test_a_folder_is_one_feature_of_some_twenty_files():
    crowded = {
        str(folder.relative_to(ROOT)): count
        for side in ("model", "gui")
        for folder in {file.parent for file in modules(side)}
        if (count := len(list(folder.glob("*.py"))) - 1) > 24
    }
    assert crowded == {}


def test_every_module_is_imported_by_a_test():
    """By the test itself, or by a module that a test imports."""
    reached = {file for file in modules("tests") if file.name.startswith("test_")}
    waiting = list(reached)
    while waiting:
        fresh = files_imported(waiting.pop()) - reached
        reached |= fresh
        waiting += fresh
    sources = [*modules("model"), *modules("gui"), *ROOT.glob("*.py")]
    alone = [file for file in sources if file not in reached and len(tree_of(file).body) > 1]
    assert [str(file.relative_to(ROOT)) for file in alone] == []


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
