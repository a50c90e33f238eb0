"""`theralog grade`: a CSV of laboratory results, graded row by row, as CSV.

The file needs the columns analyte, value, unit, lln and uln; baseline_value, baseline_flag,
fasting, anticoagulated, neutropenic (y or n), albumin, albumin_unit and confirmed (why an
implausible value is right) are optional, all others are copied.
Calcium is corrected by its albumin column, or else by the albumin row of the same sample: of the
same patient and day, and of the same time where both are known, by the first of the columns in
`PATIENT`, `DAY` and `TIME` that is there. Without a patient and a day no rows are of one sample.
A body temperature is febrile neutropenia by its column neutropenic, or else by the neutrophils of
the same patient and day. A weight is graded against its baseline_value.

The whole file is checked before the first line is written; it is then graded and written in parts,
so that memory stays small.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt

from model import input_file
from model.ctcae.grading_frame import grade_frame
from model.ctcae.neutropenia import neutropenia_of, worse
from model.ctcae.results import baseline_note
from model.errors import KnownError
from model.language import _
from model.reference import analytes
from model.reference.samples import same_sample

REQUIRED = ("analyte", "value", "unit", "lln", "uln")
OPTIONAL = (
    *("baseline_value", "baseline_flag", "fasting"),
    *("anticoagulated", "albumin", "albumin_unit", "neutropenic", "confirmed"),
)
PATIENT = ("patient_id", "patient", "subject_id", "subject", "usubjid", "code", "id")
DAY = ("date", "lab_date", "sample_date", "taken_on", "day", "lbdtc")
TIME = ("time", "lab_time", "taken_at")
ADDED = ("term", "direction", "grade", "reason")

_ROWS_AT_ONCE = 100_000

Places = npt.NDArray[np.intp]

# Rows as lines of CSV, and their fields by column.
_Part = tuple[list[str], list[list[str]]]


def grade_file(
    path: Path,
    version: str,
    out: TextIO,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the results of a CSV file to `out` with their CTCAE grades; return the number of rows.

    For each row, in order, one line for each term of its analyte, low before high, with the row's
    own columns unchanged and then term, direction (L or H), grade and reason. The grade is 0 for
    "not toxic" and empty if it cannot be given; the reason ends with what could raise it, in
    brackets. A row of an analyte that is unknown or has no term gives one line without a term.
    Empty lines are skipped.

    `progress` is called with the rows done and all rows, repeatedly and at the end. Raises
    KnownError with one sentence, before anything is written, for a file that cannot be read, is not
    UTF-8, lacks a column, has one twice, or has a row of another length than its header; ValueError
    for a version that is not "5.0" or "6.0".
    """
    try:
        data = input_file.read_bytes(path)
    except OSError as error:
        text = _("{file} cannot be read: {reason}.")
        raise KnownError(text.format(file=path, reason=error.strerror)) from error
    header, total, ends = _checked(path, data)
    names = [name.strip().casefold() for name in header]
    positions = {name: names.index(name) for name in (*REQUIRED, *OPTIONAL) if name in names}
    samples = _Samples(names)
    if samples.are_known:
        for _lines, columns in _parts(data, len(header), ends):
            samples.collect(columns)
    out.write(",".join(map(_field, [*header, *ADDED])) + "\n")
    done = 0
    for lines, columns in _parts(data, len(header), ends):
        graded = {name: columns[at] for name, at in positions.items()}
        out.write(
            _graded(
                version, lines, graded | samples.albumin(columns) | samples.neutropenia(columns)
            )
        )
        done += len(lines)
        if progress:
            progress(done, total)
    return done


class _Samples:
    """The albumin of each sample in the file, and whether neutrophils of a day were low."""

    def __init__(self, names: Sequence[str]) -> None:
        """Find the columns that tell samples apart in a header of these names."""
        self._at = {name: index for index, name in enumerate(names)}
        self._patient, self._day, self._time = (
            next((self._at[name] for name in group if name in self._at), None)
            for group in (PATIENT, DAY, TIME)
        )
        self._albumin: dict[tuple[str, str], list[tuple[str | None, str, str]]] = {}
        self._neutropenia: dict[tuple[str, str], str] = {}

    @property
    def are_known(self) -> bool:
        """Whether the file has a patient and a day for each row."""
        return self._patient is not None and self._day is not None

    def collect(self, columns: list[list[str]]) -> None:
        """Remember the albumin of each sample, and low neutrophils, in a part of the file."""
        analyte, value, unit = (columns[self._at[name]] for name in ("analyte", "value", "unit"))
        for row in _rows_of("alb", analyte):
            patient, day, time = self._sample(columns, row)
            if patient and day:
                others = self._albumin.setdefault((patient, day), [])
                others.append((time or None, value[row], unit[row]))
        for row in _rows_of("anc", analyte):
            patient, day, _time = self._sample(columns, row)
            if patient and day:
                state = neutropenia_of(value[row].strip(), unit[row].strip())
                known = self._neutropenia.get((patient, day))
                self._neutropenia[patient, day] = worse(known, state)

    def albumin(self, columns: list[list[str]]) -> dict[str, list[str]]:
        """Return the columns albumin and albumin_unit of a part; none if no sample has any."""
        if not self._albumin:
            return {}
        analyte = columns[self._at["analyte"]]
        value, unit = (
            [*columns[self._at[name]]] if name in self._at else [""] * len(analyte)
            for name in ("albumin", "albumin_unit")
        )
        for row in _rows_of("ca", analyte):
            patient, day, time = self._sample(columns, row)
            others = self._albumin.get((patient, day), [])
            index = same_sample([each[0] for each in others], time or None)
            if index is not None and not value[row].strip():
                _time, value[row], unit[row] = others[index]
        return {"albumin": value, "albumin_unit": unit}

    def neutropenia(self, columns: list[list[str]]) -> dict[str, list[str]]:
        """Return the column neutropenic of a part; none if the file has no neutrophils."""
        if not self._neutropenia:
            return {}
        analyte = columns[self._at["analyte"]]
        has_column = "neutropenic" in self._at
        states = [*columns[self._at["neutropenic"]]] if has_column else [""] * len(analyte)
        for row in _rows_of("temp", analyte):
            patient, day, _time = self._sample(columns, row)
            states[row] = states[row].strip() or self._neutropenia.get((patient, day), "")
        return {"neutropenic": states}

    def _sample(self, columns: list[list[str]], row: int) -> tuple[str, str, str]:
        patient, day, time = (
            "" if at is None else columns[at][row].strip()
            for at in (self._patient, self._day, self._time)
        )
        return patient, day, time


def _rows_of(key: str, analyte: Sequence[str]) -> list[int]:
    """Return the rows of one analyte, by key, in a column of written names."""
    names = {name for name in set(analyte) if (found := analytes.find(name)) and found.key == key}
    return [row for row, name in enumerate(analyte) if name in names] if names else []


def _graded(version: str, lines: list[str], columns: Mapping[str, Sequence[str]]) -> str:
    """Return the output lines of some rows, joined from pieces: line, term and grade, reason."""
    graded = grade_frame(version=version, **columns)
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
    if _is_special("".join(pieces[2::4])):
        pieces[2::4], pieces[3::4] = _quoted(pieces[2::4], pieces[3::4])
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


def _quoted(reasons: list[str], endings: list[str]) -> tuple[list[str], list[str]]:
    """Return reasons with their endings as CSV fields, and the line ends."""
    whole = [_field(reason + ending[:-1]) for reason, ending in zip(reasons, endings, strict=True)]
    return whole, ["\n"] * len(whole)


def _checked(path: Path, data: bytes) -> tuple[list[str], int, Places | None]:
    """Return the header, the number of rows and, in a plain file, where its lines end.

    Raises KnownError for a file with a fault.
    """
    try:
        reader = _reader(data)
        header = next(reader, None)
        if header is None:
            raise KnownError(_("{file} is empty; nothing was graded.").format(file=path))
        if problem := _header_problem([name.strip().casefold() for name in header]):
            text = _("{file}, line 1: {problem}; nothing was graded.")
            raise KnownError(text.format(file=path, problem=problem))
        data.decode("utf-8")
        ends = _even_ends(data, len(header)) if _is_plain(data) else None
        if ends is not None:
            return header, ends.size - 1, ends
        widths = Counter(map(len, reader))
        if widths.keys() - {0, len(header)}:
            raise _ragged(path, data, len(header))
    except UnicodeDecodeError as error:
        text = _("{file} is not UTF-8 text (line {line}); nothing was graded.")
        raise KnownError(text.format(file=path, line=_undecodable_line(data))) from error
    except csv.Error as error:
        text = _("{file} is not a CSV file ({reason}); nothing was graded.")
        raise KnownError(text.format(file=path, reason=error)) from error
    return header, widths[len(header)], None


def _header_problem(names: list[str]) -> str:
    if missing := [name for name in REQUIRED if name not in names]:
        text = _("there is no column {names} (columns are separated by commas)")
        return text.format(names=" or ".join(missing))
    if len(names) > input_file.MOST_COLUMNS:
        return _("it has more than {n} columns").format(n=input_file.MOST_COLUMNS)
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        if not twice[0]:
            return _("there are two columns without a name")
        return _("the column {name} is there twice").format(name=twice[0])
    if taken := [name for name in ADDED if name in names]:
        text = _("there is already a column {name}, which grading would add")
        return text.format(name=taken[0])
    return ""


def _ragged(path: Path, data: bytes, width: int) -> KnownError:
    reader = _reader(data)
    fields = next(len(row) for row in reader if len(row) not in (0, width))
    return KnownError(
        _(
            "{file}, line {line}: {found} columns where the header has {width}; nothing was graded."
        ).format(file=path, line=reader.line_num, found=fields, width=width)
    )


def _undecodable_line(data: bytes) -> int:
    for number, line in enumerate(io.BytesIO(data), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 1


def _is_plain(data: bytes) -> bool:
    """Return whether newlines and commas alone separate lines and fields."""
    return b'"' not in data and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"))


def _even_ends(data: bytes, width: int) -> Places | None:
    """Return where the lines of a plain file end, if all have this many fields; None if not."""
    signs = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    if signs[-1] != ord("\n"):
        ends = np.append(ends, signs.size)
    commas = np.searchsorted(np.flatnonzero(signs == ord(",")), ends)
    return ends if np.all(np.diff(commas, prepend=0) == width - 1) else None


def _parts(data: bytes, width: int, ends: Places | None) -> Iterator[_Part]:
    """Yield the rows after the header in parts."""
    if ends is not None:
        for first in range(1, ends.size, _ROWS_AT_ONCE):
            last = min(first + _ROWS_AT_ONCE, ends.size) - 1
            text = data[ends[first - 1] + 1 : ends[last]].decode("utf-8").replace("\r", "")
            fields = text.replace("\n", ",").split(",")
            yield text.split("\n"), [fields[at::width] for at in range(width)]
    else:
        rows = filter(None, _reader(data))
        next(rows)
        # One flat list: a list for each row costs more than all the rest.
        while fields := list(chain.from_iterable(islice(rows, _ROWS_AT_ONCE))):
            columns = [fields[at::width] for at in range(width)]
            written = [
                list(map(_field, column)) if _is_special("".join(column)) else column
                for column in columns
            ]
            yield list(map(",".join, zip(*written, strict=True))), columns


def _reader(data: bytes) -> Any:
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    return csv.reader(text, strict=True)


def _field(text: str) -> str:
    """Return a field as CSV; the csv module is too slow for a million rows."""
    return '"' + text.replace('"', '""') + '"' if _is_special(text) else text


def _is_special(text: str) -> bool:
    return "," in text or '"' in text or "\n" in text or "\r" in text
