"""What the rules of several records have in common."""

import math
from collections.abc import Collection


def non_empty(**candidates: str | None) -> dict[str, str]:
    """Return the problems that there are, by field, of those that there may be."""
    return {field: problem for field, problem in candidates.items() if problem}


def outside(value: float | None, problem: str, *, low: float, high: float = math.inf) -> str | None:
    """Return the problem of a value that is given and below `low` or above `high`."""
    return None if value is None or low <= value <= high else problem


def not_listed(value: str | None, listed: Collection[str], problem: str) -> str | None:
    """Return the problem, with {value} and {listed} filled in, of a value that is not listed."""
    if value is None or value in listed:
        return None
    return problem.format(value=value, listed=", ".join(listed))
