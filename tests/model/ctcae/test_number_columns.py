"""The column form of comparisons equals the row form in `results`."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.ctcae.criteria import Comparison
from model.ctcae.number_columns import compare, number_column, text_column
from model.ctcae.results import limit_status, number, truth

WRITTEN = st.one_of(
    st.decimals(0, 1000, places=3).map(str),
    st.sampled_from(["0", "-1", "0.3", "0.30000000000000004", "1e2", ".5", "x", "", "3,5", "nan"]),
)
COMPARISONS = st.builds(
    Comparison,
    sign=st.sampled_from(["<", "<=", ">", ">="]),
    factor=st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(5, 2), Fraction(20)]),
    limit=st.sampled_from(["LLN", "ULN", "BASE"]),
    offset=st.sampled_from([Fraction(0), Fraction(2), Fraction(1, 3)]),
    number=st.just(""),
)


@given(COMPARISONS, st.lists(st.tuples(WRITTEN, WRITTEN), min_size=1, max_size=20), st.booleans())
def test_a_column_is_compared_like_each_of_its_numbers(comparison, pairs, near) -> None:
    if near:
        # Values exactly at the cut-off, where a float may lie on either side.
        cuts = [number(limit) or Fraction(0) for _, limit in pairs]
        exact = [float(comparison.factor * cut + comparison.offset) for cut in cuts]
        pairs = [(f"{cut:.15g}", limit) for cut, (_, limit) in zip(exact, pairs, strict=True)]
    values, limits = zip(*pairs, strict=True)
    left = number_column(text_column(values, len(pairs)), "value")
    right = number_column(text_column(limits, len(pairs)), comparison.limit)
    truths = compare(comparison, left, right, np.arange(len(pairs)))
    for code, value, limit in zip(truths.tolist(), values, limits, strict=True):
        amount, edge = number(value), number(limit)
        if amount is None or amount < 0:
            continue  # refused before any comparison
        usable = edge if edge is not None and limit_status(limit, comparison.limit) == 0 else None
        assert code == truth(comparison, amount, usable), (value, limit)


@given(st.lists(WRITTEN, max_size=20), st.sampled_from(["value", "LLN", "ULN", "BASE"]))
def test_the_status_of_a_column_is_that_of_each_of_its_texts(texts, name) -> None:
    column = number_column(text_column(texts, len(texts)), name)
    assert column.status.tolist() == [limit_status(text, name) for text in texts]
