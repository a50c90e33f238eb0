"""How long a file of results takes to grade, beside reading it with the csv module alone."""

import csv
import io
import random
import time
import tracemalloc

import pytest

from model.ctcae.grade_file import grade_file

pytestmark = pytest.mark.slow

ROWS = 200_000
ANALYTES = [
    ("PLT", "10*9/L", 150, 400, 5, 500, 0), ("HB", "g/dL", 12, 16, 6, 18, 1),
    ("WBC", "10^9/L", 4, 11, 0.5, 30, 2), ("ANC", "G/l", 1.5, 7.5, 0.1, 12, 2),
    ("CREA", "µmol/L", 60, 110, 40, 400, 1), ("ALT", "U/L", 7, 45, 5, 400, 0),
    ("BILI", "mg/dL", 0.2, 1.2, 0.1, 9, 2), ("K", "mmol/L", 3.5, 5, 2, 8, 1),
    ("Ca", "mg/dL", 8.6, 10.2, 5, 15, 1), ("CGA", "ug/L", "", 100, 10, 5000, 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    chance = random.Random(7)
    path = tmp_path_factory.mktemp("results") / "results.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("analyte,value,unit,lln,uln,baseline_value,baseline_flag,fasting\n")
        for _ in range(ROWS):
            analyte, unit, lln, uln, low, high, digits = chance.choice(ANALYTES)
            value, base = (f"{chance.uniform(low, high):.{digits}f}" for _ in range(2))
            base = chance.choice(["", base])
            file.write(f"{analyte},{value},{unit},{lln},{uln},{base},,{chance.choice('YN')}\n")
    return path


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def test_grading_a_file_takes_a_few_times_as_long_as_reading_it(results):
    grade_file(results, "5.0", io.StringIO())
    graded = min(seconds(lambda: grade_file(results, "5.0", io.StringIO())) for _ in range(3))
    alone = min(seconds(lambda: read(results)) for _ in range(3))
    assert graded < 10 * alone, f"{graded / alone:.1f} times as long"


def test_memory_grows_with_a_part_of_the_file_not_with_its_output(results):
    class Nowhere(io.StringIO):
        def write(self, text):
            return len(text)

    tracemalloc.start()
    try:
        grade_file(results, "5.0", Nowhere())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 250e6, f"{peak / 1e6:.0f} MB"
