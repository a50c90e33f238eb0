import numpy as np

from gui.plots.course.cursor import Visits

VISITS = Visits([np.array([30.0, 10.0, 20.0, 20.0])])


def test_the_nearest_visit_counts_only_when_it_is_near() -> None:
    assert VISITS.near(13, within=3) == 10
    assert VISITS.near(14, within=3) is None
    assert Visits().near(14, within=3) is None


def test_steps_go_to_the_neighbour_and_end_at_the_ends() -> None:
    assert [VISITS.next(day, 1, 0, 99) for day in (10, 15, 30)] == [20, 20, None]
    assert [VISITS.next(day, -1, 0, 99) for day in (10, 15, 30)] == [None, 10, 20]


def test_the_first_step_goes_to_a_visit_in_sight() -> None:
    assert VISITS.next(None, 1, 15, 99) == 20
    assert VISITS.next(None, -1, 0, 25) == 20
    assert VISITS.next(None, 1, 40, 99) == 10
    assert Visits().next(None, 1, 0, 99) is None
