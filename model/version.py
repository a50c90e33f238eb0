"""The version of the program, shown on pages and by `--version`."""

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path


@cache
def version() -> str:
    """Return the installed version, or that of the source tree if nothing is installed."""
    try:
        return metadata.version("theralog")
    except metadata.PackageNotFoundError:
        project = Path(__file__).parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
