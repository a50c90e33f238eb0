"""Page breaks: nothing is lost, no item is broken, and heads are repeated."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.reports.cohort_flow import Block, FlowItem, Page, lay_out

HIGH, BETWEEN = 100.0, 16.0


def item(height: float, *, holds_next: bool = False) -> FlowItem:
    return FlowItem(height, lambda _painter, _top: None, holds_next)


def block(rows: int, height: float = 10.0, end: float = 0.0) -> Block:
    return Block(
        title=(item(15),),
        continued_title=(item(14),),
        head=(item(8),),
        rows=tuple(item(height) for _ in range(rows)),
        end=(item(end),) if end else (),
    )


def items(page: Page) -> list[FlowItem]:
    return [one for _, one in page.items]


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(2, 30), st.floats(0, 40)), max_size=6))
def test_every_row_is_placed_once_in_order_and_within_its_page(counts) -> None:
    blocks = [block(*each) for each in counts]
    found = lay_out(blocks, HIGH, BETWEEN)
    placed = [one for page in found for one in items(page)]
    once = [one for each in blocks for one in (*each.title, *each.rows, *each.end)]
    assert [one for one in placed if any(one is other for other in once)] == once
    for page in found:
        ends = [top + one.height for top, one in page.items]
        starts = [top for top, _ in page.items]
        assert all(end <= start + 1e-6 for end, start in zip(ends, starts[1:], strict=False))
        # Only what is kept together may be higher than a page, and then has the page to itself.
        tops = max(ends, default=0)
        assert tops <= HIGH + 1e-6 or starts[0] == 0


def test_a_continued_table_repeats_its_head() -> None:
    table = block(20)
    first, second, third = lay_out([table], HIGH, BETWEEN)
    assert items(first)[:2] == [*table.title, *table.head]
    assert items(second)[:2] == items(third)[:2] == [*table.continued_title, *table.head]


def test_a_small_table_is_not_broken() -> None:
    first, second = lay_out([block(5), block(2)], HIGH, BETWEEN)
    assert len(items(first)) == 7
    assert len(items(second)) == 4


def test_a_title_is_never_alone_at_the_bottom() -> None:
    above = block(3)
    table = block(9)
    _, second, *_ = lay_out([above, table], HIGH, BETWEEN)
    assert items(second)[0] is table.title[0]


def test_the_last_rows_stay_with_what_ends_the_table() -> None:
    table = block(8, end=12)
    first, second = lay_out([table], HIGH, BETWEEN)
    assert items(second)[-4:] == [*table.rows[-3:], *table.end]
    assert items(first)[-1] is table.rows[4]


def test_a_heading_goes_with_its_first_row() -> None:
    rows = [item(10) for _ in range(6)]
    rows.insert(5, item(10, holds_next=True))
    rows += [item(10) for _ in range(6)]
    first, second, *_ = lay_out([Block(title=(item(35),), rows=tuple(rows))], HIGH, BETWEEN)
    assert items(first)[-1] is rows[4]
    assert items(second)[0] is rows[5]


def test_no_blocks_make_one_empty_page() -> None:
    assert [items(page) for page in lay_out([], HIGH, BETWEEN)] == [[]]
