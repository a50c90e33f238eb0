"""`theralog grade`: a CSV of laboratory results, graded row by row, as CSV.

The file needs the columns analyte, value, unit, lln and uln. The columns baseline_value,
baseline_flag, fasting, anticoagulated, neutropenic (y or n), albumin, albumin_unit and confirmed
(why an implausible value is right) are optional. All other columns are copied.

Calcium is corrected by the albumin column of its row, or else by the albumin row of the same
sample. Rows are of the same sample if their patient and day are the same, and their time where both
have one. These are in the first column of the file that is named in `PATIENT`, `DAY` and `TIME`. In
a file without patient or day no rows are of the same sample. A body temperature is febrile
neutropenia by the column neutropenic, or else by the neutrophils of the same patient and day. A
weight is graded against its baseline_value.

The whole file is checked before the first line is written. It is then graded and written in parts,
so that little memory is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from model.ctcae.grading_frame import grade_frame
from model.ctcae.neutropenia import neutropenia_of, neutropenia_of_both
from model.ctcae.result_file import ADDED, REQUIRED, csv_field, needs_quotes, read_result_file
from model.ctcae.results import baseline_note
from model.reference import analytes
from model.reference.samples import same_sample

OPTIONAL = (
    *("baseline_value", "baseline_flag", "fasting"),
    *("anticoagulated", "albumin", "albumin_unit", "neutropenic", "confirmed"),
)
PATIENT = ("patient_id", "patient", "subject_id", "subject", "usubjid", "code", "id")
DAY = ("date", "lab_date", "sample_date", "taken_on", "day", "lbdtc")
TIME = ("time", "lab_time", "taken_at")


def grade_file(
    path: Path,
    version: str,
    out: TextIO,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the results of a CSV file to `out` with their CTCAE grades; return the number of rows.

    Each row gives one line for each term of its analyte, low before high, and rows stay in order. A
    line has the row's own columns unchanged and then term, direction (L or H), grade and reason.
    The grade is 0 for "not toxic" and empty if it cannot be given. The reason ends with what could
    raise the grade, in brackets. A row of an analyte that is unknown or has no term gives one line
    without a term. Empty lines are skipped.

    `progress` is called with the number of rows done and of all rows, repeatedly and at the end.
    Raises KnownError, before anything is written, for a file with a fault (see `read_result_file`);
    ValueError for a version that is not "5.0" or "6.0".
    """
    file = read_result_file(path)
    names = file.column_names
    positions = {name: names.index(name) for name in (*REQUIRED, *OPTIONAL) if name in names}
    samples = _Samples(names)
    if samples.are_known:
        for part in file.parts():
            samples.collect(part.columns)
    out.write(",".join(map(csv_field, [*file.header, *ADDED])) + "\n")
    done = 0
    for lines, columns in file.parts():
        used = {name: columns[position] for name, position in positions.items()}
        used |= samples.albumin(columns) | samples.neutropenia(columns)
        out.write(_grade_lines(version, lines, used))
        done += len(lines)
        if progress:
            progress(done, file.row_count)
    return done


class _Samples:
    """The albumin of each sample in the file, and whether neutrophils of a day were low."""

    def __init__(self, names: Sequence[str]) -> None:
        """Find the columns of patient, day and time in a header of these names."""
        self._positions = {name: position for position, name in enumerate(names)}
        self._patient, self._day, self._time = (
            next((self._positions[name] for name in group if name in self._positions), None)
            for group in (PATIENT, DAY, TIME)
        )
        self._albumin: dict[tuple[str, str], list[tuple[str | None, str, str]]] = {}
        self._neutropenia: dict[tuple[str, str], str] = {}

    @property
    def are_known(self) -> bool:
        """Whether the file has columns for patient and day."""
        return self._patient is not None and self._day is not None

    def collect(self, columns: list[list[str]]) -> None:
        """Keep the albumin of each sample, and low neutrophils, of a part of the file."""
        analyte, value, unit = (
            columns[self._positions[name]] for name in ("analyte", "value", "unit")
        )
        for row in _rows_of("alb", analyte):
            patient, day, time = self._sample(columns, row)
            if patient and day:
                albumins = self._albumin.setdefault((patient, day), [])
                albumins.append((time or None, value[row], unit[row]))
        for row in _rows_of("anc", analyte):
            patient, day, _time = self._sample(columns, row)
            if patient and day:
                state = neutropenia_of(value[row].strip(), unit[row].strip())
                other = self._neutropenia.get((patient, day))
                self._neutropenia[patient, day] = neutropenia_of_both(other, state)

    def albumin(self, columns: list[list[str]]) -> dict[str, list[str]]:
        """Return the columns albumin and albumin_unit of a part; none if no sample has any."""
        if not self._albumin:
            return {}
        analyte = columns[self._positions["analyte"]]
        value, unit = (
            [*columns[self._positions[name]]] if name in self._positions else [""] * len(analyte)
            for name in ("albumin", "albumin_unit")
        )
        for row in _rows_of("ca", analyte):
            patient, day, time = self._sample(columns, row)
            albumins = self._albumin.get((patient, day), [])
            index = same_sample([of_time for of_time, *_ in albumins], time or None)
            if index is not None and not value[row].strip():
                _time, value[row], unit[row] = albumins[index]
        return {"albumin": value, "albumin_unit": unit}

    def neutropenia(self, columns: list[list[str]]) -> dict[str, list[str]]:
        """Return the column neutropenic of a part; none if the file has no neutrophils."""
        if not self._neutropenia:
            return {}
        analyte = columns[self._positions["analyte"]]
        has_column = "neutropenic" in self._positions
        states = [*columns[self._positions["neutropenic"]]] if has_column else [""] * len(analyte)
        for row in _rows_of("temp", analyte):
            patient, day, _time = self._sample(columns, row)
            states[row] = states[row].strip() or self._neutropenia.get((patient, day), "")
        return {"neutropenic": states}

    def _sample(self, columns: list[list[str]], row: int) -> tuple[str, str, str]:
        patient, day, time = (
            "" if position is None else columns[position][row].strip()
            for position in (self._patient, self._day, self._time)
        )
        return patient, day, time


def _rows_of(key: str, analyte: Sequence[str]) -> list[int]:
    """Return the rows of one analyte, by key, in a column of written names."""
    found = {name: analytes.find(name) for name in set(analyte)}
    names = {name for name, match in found.items() if match and match.key == key}
    return [row for row, name in enumerate(analyte) if name in names] if names else []


def _grade_lines(version: str, lines: list[str], columns: Mapping[str, Sequence[str]]) -> str:
    """Return the output for some rows, whose lines and columns are given."""
    graded = grade_frame(version=version, **columns)
    # A line of the output is joined from four pieces: the row, term to grade, reason, and its end.
    before = [
        f",{kind.term},{kind.direction},{'' if kind.grade is None else kind.grade},"
        for kind in graded.kinds
    ]
    after = [f" ({kind.could_raise})\n" if kind.could_raise else "\n" for kind in graded.kinds]
    pieces = [""] * (4 * graded.row.size)
    pieces[0::4] = np.array(lines, dtype=object)[graded.row].tolist()
    pieces[1::4] = np.array(before, dtype=object)[graded.kind].tolist()
    notes = np.array(_baseline_notes(columns) or [""] * len(lines), dtype=object)
    pieces[2::4] = (graded.reason + notes[graded.row]).tolist()
    pieces[3::4] = np.array(after, dtype=object)[graded.kind].tolist()
    if needs_quotes("".join(pieces[2::4])):
        endings = pieces[3::4]
        pieces[2::4] = [
            csv_field(reason + ending.removesuffix("\n"))
            for reason, ending in zip(pieces[2::4], endings, strict=True)
        ]
        pieces[3::4] = ["\n"] * len(endings)
    return "".join(pieces)


def _baseline_notes(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the note on each row's baseline, empty for a confirmed row; none without baselines."""
    if "baseline_value" not in columns:
        return []
    names = ("analyte", "baseline_value", "unit")
    notes = [baseline_note(*row) for row in zip(*(columns[name] for name in names), strict=True)]
    if "confirmed" not in columns:
        return notes
    confirmed = columns["confirmed"]
    return ["" if why.strip() else note for note, why in zip(notes, confirmed, strict=True)]
