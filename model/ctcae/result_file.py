"""A CSV file of laboratory results: checked as a whole, then read in parts.

A plain file, without quotes, is split at newlines and commas, which is several times faster than
the csv module. Any other file is read by that module.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from model import input_file
from model.errors import KnownError
from model.language import _

REQUIRED = ("analyte", "value", "unit", "lln", "uln")
ADDED = ("term", "direction", "grade", "reason")
"""The columns that grading adds."""

_ROWS_AT_ONCE = 100_000

Positions = npt.NDArray[np.intp]


class Part(NamedTuple):
    """Some rows of the file: each as a line of CSV, and their fields by column."""

    lines: list[str]
    columns: list[list[str]]


@dataclass(frozen=True, slots=True, eq=False)
class ResultFile:
    """A file without faults; `line_ends` are the positions of its line ends if it is plain."""

    data: bytes
    header: list[str]
    row_count: int
    line_ends: Positions | None

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in lower case and without blanks around them."""
        return _column_names(self.header)

    def parts(self) -> Iterator[Part]:
        """Yield the rows after the header, some at a time; empty lines are skipped."""
        width = len(self.header)
        if self.line_ends is not None:
            ends = self.line_ends
            for first in range(1, ends.size, _ROWS_AT_ONCE):
                last = min(first + _ROWS_AT_ONCE, ends.size) - 1
                text = self.data[ends[first - 1] + 1 : ends[last]].decode("utf-8")
                text = text.replace("\r", "")
                fields = text.replace("\n", ",").split(",")
                yield Part(text.split("\n"), [fields[column::width] for column in range(width)])
        else:
            rows = filter(None, _reader(self.data))
            next(rows)
            # One flat list, because a list for each row takes longer than everything else.
            while fields := list(chain.from_iterable(islice(rows, _ROWS_AT_ONCE))):
                columns = [fields[column::width] for column in range(width)]
                written = [
                    list(map(csv_field, column)) if needs_quotes("".join(column)) else column
                    for column in columns
                ]
                yield Part(list(map(",".join, zip(*written, strict=True))), columns)


def read_result_file(path: Path) -> ResultFile:
    """Read a file and check it.

    Raises KnownError with one sentence for a file that cannot be read, is not UTF-8, lacks a
    column, has one twice, or has a row of another length than its header.
    """
    try:
        data = input_file.read_bytes(path)
    except OSError as error:
        text = _("{file} cannot be read: {reason}.")
        raise KnownError(text.format(file=path, reason=error.strerror)) from error
    try:
        reader = _reader(data)
        header = next(reader, None)
        if header is None:
            raise KnownError(_("{file} is empty; nothing was graded.").format(file=path))
        if problem := _header_problem(_column_names(header)):
            text = _("{file}, line 1: {problem}; nothing was graded.")
            raise KnownError(text.format(file=path, problem=problem))
        data.decode("utf-8")
        line_ends = _line_ends(data, len(header)) if _is_plain(data) else None
        if line_ends is not None:
            return ResultFile(data, header, line_ends.size - 1, line_ends)
        row_lengths = Counter(map(len, reader))
        if row_lengths.keys() - {0, len(header)}:
            raise _wrong_row_length(path, data, len(header))
    except UnicodeDecodeError as error:
        text = _("{file} is not UTF-8 text (line {line}); nothing was graded.")
        raise KnownError(text.format(file=path, line=_undecodable_line(data))) from error
    except csv.Error as error:
        text = _("{file} is not a CSV file ({reason}); nothing was graded.")
        raise KnownError(text.format(file=path, reason=error)) from error
    return ResultFile(data, header, row_lengths[len(header)], None)


def _column_names(header: list[str]) -> list[str]:
    return [name.strip().casefold() for name in header]


def _header_problem(names: list[str]) -> str:
    """Return what is wrong with these column names; empty if nothing is."""
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


def _wrong_row_length(path: Path, data: bytes, width: int) -> KnownError:
    """Return the error about the first row of another length than the header."""
    reader = _reader(data)
    length = next(len(row) for row in reader if len(row) not in (0, width))
    return KnownError(
        _(
            "{file}, line {line}: {found} columns where the header has {width}; nothing was graded."
        ).format(file=path, line=reader.line_num, found=length, width=width)
    )


def _undecodable_line(data: bytes) -> int:
    """Return the number of the first line that is not UTF-8."""
    for number, line in enumerate(io.BytesIO(data), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 1


def _is_plain(data: bytes) -> bool:
    """Return whether newlines and commas alone separate lines and fields."""
    return b'"' not in data and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"))


def _line_ends(data: bytes, width: int) -> Positions | None:
    """Return where the lines of a plain file end; None unless all have this many fields."""
    signs = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    if signs[-1] != ord("\n"):
        ends = np.append(ends, signs.size)
    commas = np.searchsorted(np.flatnonzero(signs == ord(",")), ends)
    return ends if np.all(np.diff(commas, prepend=0) == width - 1) else None


def _reader(data: bytes) -> Any:
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    return csv.reader(text, strict=True)


def csv_field(text: str) -> str:
    """Return a field as CSV; the csv module is too slow for a million rows."""
    return '"' + text.replace('"', '""') + '"' if needs_quotes(text) else text


def needs_quotes(text: str) -> bool:
    """Return whether a text must be quoted in CSV."""
    return "," in text or '"' in text or "\n" in text or "\r" in text
