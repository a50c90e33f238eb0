"""Reading the tables that come with the program."""

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV table in `resources`, such as `ctcae/terms.csv`, by column name."""
    text = files("resources").joinpath(*name.split("/")).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
