from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gui.plots.rows import GAP, Extent, longest_fitting, pack_rows

extents = st.lists(
    st.tuples(st.floats(0, 1000), st.floats(0, 300)).map(lambda pair: Extent(pair[0], sum(pair))),
    max_size=20,
).map(sorted)


@given(extents)
def test_marks_in_one_row_never_overlap(marks: list[Extent]) -> None:
    rows = pack_rows(marks)
    for row in set(rows):
        own = [mark for mark, at in zip(marks, rows, strict=True) if at == row]
        for before, after in pairwise(own):
            assert before.right + GAP <= after.left


def test_marks_apart_share_the_first_row() -> None:
    assert pack_rows([Extent(0, 10), Extent(50, 60), Extent(55, 70)]) == [0, 0, 1]


def test_the_longest_text_that_fits_is_chosen() -> None:
    variants = [("C1 · 6 MBq", 60.0), ("C1", 14.0)]
    assert [longest_fitting(variants, room) for room in (60, 59, 14, 13)] == [
        "C1 · 6 MBq",
        "C1",
        "C1",
        "",
    ]
