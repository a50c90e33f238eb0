import pytest

from model.reference.samples import same_sample


@pytest.mark.parametrize(
    ("times", "at", "index"),
    [
        ([], None, None),
        ([None], None, 0),
        (["08:00"], None, 0),
        ([None], "08:00", 0),
        (["08:00"], "08:00", 0),
        (["16:00"], "08:00", None),
        (["08:00", "16:00"], "08:00", 0),
        (["08:00", "16:00"], None, 1),
        ([None, "16:00"], "08:00", 0),
        (["16:00", None, "08:00"], "08:00", 2),
    ],
)
def test_results_of_one_day_are_of_one_sample_unless_their_times_differ(
    times: list[str | None], at: str | None, index: int | None
) -> None:
    assert same_sample(times, at) == index
