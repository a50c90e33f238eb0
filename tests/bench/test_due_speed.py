"""How long it takes to say what is due: for every patient of a large casebook, and for one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from model.due.items import of_casebook
from model.store.casebook import Casebook

pytestmark = pytest.mark.slow

PATIENTS, CYCLES, VISITS = 10_000, 3, 10
ANALYTES = ("hb", "plt", "anc", "crea", "bili", "alt")
FIRST = date(2023, 1, 9)
TODAY = FIRST + timedelta(days=200)


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Casebook]:
    """10,000 patients with 600,000 results in an encrypted casebook."""
    with Casebook.create(tmp_path / "large.theralog", "a passphrase") as casebook:
        # Put there without a journal, which would take minutes.
        casebook._db.execute("begin")
        for sql in _filling():
            casebook._db.execute(sql)
        casebook._db.execute("commit")
        yield casebook


def test_what_is_due_for_ten_thousand_takes_seconds_and_for_one_milliseconds(large):
    everyone, all_took = timed(lambda: of_casebook(large, TODAY))
    assert len({item.patient_id for item in everyone}) == PATIENTS
    one, one_took = timed(lambda: of_casebook(large, TODAY, [everyone[0].patient_id]))
    assert one
    assert all_took < 10
    assert one_took < 0.05


def timed(work: Callable[[], tuple]) -> tuple[tuple, float]:
    begun = time.perf_counter()
    value = work()
    return value, time.perf_counter() - begun


def _filling() -> Iterator[str]:
    now = "'2026-01-01T00:00:00.000Z'"
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) "
    yield (
        "insert into patient (id, code, changed_at) "
        + numbers.format(PATIENTS)
        + f"select i, printf('P-%05d', i), {now} from n"
    )
    yield (
        "insert into cycle (patient_id, number, given_on, changed_at) "
        + numbers.format(CYCLES)
        + f"select patient.id, i, date('{FIRST}', (i * 50) || ' days'), {now} from patient, n"
    )
    yield (
        "insert into lab_result (patient_id, taken_on, analyte, value, changed_at) "
        + numbers.format(VISITS)
        + f"select patient.id, date('{FIRST}', (i * 18) || ' days'), key.value, '5', {now}"
        + f" from patient, n, json_each('{json.dumps(ANALYTES)}') as key"
    )
