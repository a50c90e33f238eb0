"""How long a search for a CTCAE term takes, beside going through all names once."""

import time
from collections.abc import Callable

import pytest

from model.ctcae.term_search import search_terms
from model.ctcae.terms import terms

pytestmark = pytest.mark.slow

TYPED = ("e", "a", "pla", "low platelets", "1000", "blood in urine", "")


def shortest(work: Callable[[], object]) -> float:
    """The seconds that some work takes when nothing comes between."""
    taken = []
    for _ in range(20):
        start = time.process_time()
        for _ in range(10):
            work()
        taken.append((time.process_time() - start) / 10)
    return min(taken)


@pytest.mark.parametrize("version", ["5.0", "6.0"])
@pytest.mark.parametrize("typed", TYPED)
def test_a_search_takes_a_few_times_as_long_as_going_through_the_names(
    version: str, typed: str
) -> None:
    search_terms(version, typed)
    names = [term.name for term in terms(version)]
    plain = shortest(lambda: [name for name in names if typed in name.casefold()])
    searched = shortest(lambda: search_terms(version, typed))
    print(f"{version} “{typed}”: {searched * 1000:.2f} ms, {searched / plain:.1f} times")
    assert searched < 20 * plain
