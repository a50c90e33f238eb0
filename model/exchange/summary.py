"""`summary.csv`: the numbers of the cohort's tables, one a row."""

from pathlib import Path

from model.asking import Asks
from model.cohort import baseline, exposure, frames, response, survival, toxicity
from model.cohort.lines import Line
from model.exchange import tidy_cells, tidy_writing
from model.exchange.summary_layout import SUMMARY


def summary(asks: Asks) -> list[Line]:
    """All numbers of a casebook, by section."""
    loaded = frames.load(asks)
    return [
        *baseline.cohort(loaded),
        *baseline.primary_site(loaded),
        *baseline.grade(loaded),
        *exposure.cycles(loaded),
        *exposure.exposure(loaded),
        *toxicity.toxicity(loaded),
        *response.response(loaded),
        *survival.survival(loaded),
    ]


def write(path: Path, lines: list[Line]) -> None:
    """Write the numbers as a CSV file, one a row."""
    rows = [
        [tidy_cells.written(column, getattr(line, column.name)) for column in SUMMARY.columns]
        for line in lines
    ]
    tidy_writing.write_csv(path, SUMMARY.header, rows)
