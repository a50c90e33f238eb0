"""A demo casebook in which every text that anybody can write is one that must not get out."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlcipher3 import dbapi2

from model.cohort.paragraph import abstract
from model.dates import MONTHS
from model.exchange.new_casebook import new_casebook
from model.exchange.pseudonymised import pseudonyms
from model.store.casebook import Casebook
from model.store.ids import new_id
from tests.model.exchange.conftest import DEMO

WORD = "Kanarienvogel"
NUMBER = "99887766"
YEARS_ON = 60
"""How far dates are moved, so that none can be taken for another number: 2024 becomes 2084."""

NUMBERS_AS_TEXT = {("lab_result", name) for name in ("value", "lln", "uln")}
"""Columns whose texts are numbers: a result cannot be read with anything else in them."""
KEPT = {("key_image", "media_type")}
"""Columns that are the program's own, and say what kind of bytes there are."""

OF_THE_PROGRAM = {"journal", "setting", "image_data", "frozen_cohort", "pseudonym", "batch"}
"""Tables that are planted one row at a time: what the program keeps there has its own form."""


def text_columns(casebook: Casebook) -> Iterator[tuple[str, str]]:
    """Every column of text of every table that a person writes to."""
    for table in casebook.rows("pragma table_list"):
        name = table["name"]
        if name.startswith(("sqlite_", "_sqlite")) or name in OF_THE_PROGRAM:
            continue
        for column in casebook.rows(f"pragma table_info({name})"):
            if column["type"].upper() == "TEXT" and column["name"] != "changed_at":
                yield name, column["name"]


def planted(path: Path, word: str = WORD) -> tuple[Path, set[tuple[str, str]]]:
    """A casebook with the word in every text column that takes it; gives back which those are.

    Half of the rows of each table, so that what the program knows is still there to be exported.
    Dates are moved into years of their own.
    """
    folder = Path(shutil.copytree(DEMO, path.parent / "planted"))
    labs = (folder / "labs.csv").read_bytes().splitlines(keepends=True)
    (folder / "labs.csv").write_bytes(b"".join(labs[:400]))
    new_casebook(path, folder=folder)
    taken = set()
    with Casebook.open(path) as casebook:
        _one_of_each(casebook)
        db = casebook._db
        for table, column in text_columns(casebook):
            if (table, column) in NUMBERS_AS_TEXT | KEPT or column == "deleted_at":
                continue
            try:
                db.execute(
                    f"update {table} set {column} = :word || ' {NUMBER} ' || id"
                    f" where rowid % 2 = 0 or (select count(*) from {table}) < 3",
                    {"word": word},
                )
                taken.add((table, column))
            except dbapi2.IntegrityError:
                # Two dates of a row may have to be in order, and are moved one after the other.
                db.execute("pragma ignore_check_constraints = on")
                db.execute(
                    f"update {table} set {column} = (substr({column}, 1, 4) + {YEARS_ON})"
                    f" || substr({column}, 5) where {column} glob '2[0-9][0-9][0-9]*'"
                )
                db.execute("pragma ignore_check_constraints = off")
        for row in casebook.rows("select id, bytes from image_data"):
            content = row["bytes"] + f"{word} {NUMBER}".encode()
            db.execute(
                "update image_data set bytes = :bytes, sha256 = :sha256 where id = :id",
                {"id": row["id"], "bytes": content, "sha256": sha256(content).hexdigest()},
            )
        casebook._connection.commit()
    return path, taken


def _one_of_each(casebook: Casebook) -> None:
    """A row in the tables that the demo has none in."""
    patients = casebook.rows("select id from patient order by id")
    first = patients[0]["id"]
    result = casebook.rows("select id, patient_id from lab_result order by id limit 1")[0]
    with casebook.step("Plant", reason=f"{WORD} {NUMBER}") as step:
        step.put("identity", {"patient_id": first, "family_name": "x", "born_on": "1933-02-01"})
        step.put("note", {"patient_id": first, "written_on": "2024-02-03", "text": "x"})
        dismissed = {"term": "Anemia", "ctcae_version": "5.0", "grade": 1, "reason": "x"}
        step.put(
            "dismissal",
            {"patient_id": result["patient_id"], "lab_result_id": result["id"], **dismissed},
        )
        ended = {"patient_id": first, "ended_on": "2024-02-05", "reason": "x", "comment": "x"}
        step.put("end_of_treatment", ended)
        step.put("setting", {"name": f"{WORD} {NUMBER}", "value": f"{WORD} {NUMBER}"})
        step.put("setting", {"name": abstract.TEMPLATE, "value": f"{WORD} {NUMBER}."})
        step.put("pseudonym", {"list_id": new_id(), "patient_id": first, "code": f"P-{WORD}"})
        step.put(
            "quality_of_life",
            {"patient_id": first, "stated_on": "2024-02-04", "instrument": "x", "score": 3.0},
        )
    casebook._db.execute(f"update batch set file_name = '{WORD} {NUMBER}'")
    casebook._connection.commit()
    assert pseudonyms.code_lists(casebook)


def exported_bytes(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file's name and all of its bytes; of a workbook also those of each part of it."""
    for path in sorted(folder.rglob("*")):
        yield str(path), str(path.relative_to(folder)).encode()
        if not path.is_file():
            continue
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                for part in parts.namelist():
                    yield f"{path}!{part}", parts.read(part)


_DATE = re.compile(
    rb"20[6-9]\d-[01]\d"
    rb"|\b\d{1,2} (?:" + "|".join(MONTHS).encode() + rb")[a-z]* 20[6-9]\d"
    rb"|\b\d{1,2}[./]\d{1,2}[./]20[6-9]\d"
    rb"|(?:19[0-9]\d|20[0-5]\d)-[01]\d-[0-3]\d"
)


def dates_in(content: bytes) -> list[bytes]:
    """What looks like a date."""
    return _DATE.findall(content)


def serials(days: set[date]) -> set[int]:
    """The days as a spreadsheet numbers them."""
    return {(day - date(1899, 12, 30)).days for day in days}
