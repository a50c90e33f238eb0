"""A card with a figure: its table, and choices made while something else is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from gui.pages.cohort.cohort_counts import CohortCounts
from gui.pages.cohort.figure_card import FigureCard
from gui.pages.cohort.figures import (
    ChosenKeys,
    FigureChoice,
    FigureContent,
    FigureKind,
    PreparedFigure,
)
from gui.session.background import Background
from gui.session.turns import Turns
from model.cohort.figures.ki67 import BiopsyResult, Ki67, Pair

BIOPSY = BiopsyResult(ki67=30.0, grade="NET G3", taken_on="2023")
DATA = Ki67(
    pairs=(Pair(patient_id=1, code="P-1", first=BIOPSY, last=BIOPSY, is_one=True),), without=()
)
COUNTS = cast(CohortCounts, object())
CONTENT = FigureContent(show=lambda figure: figure.show_data(DATA))


def kind_of(count: Callable[[CohortCounts, ChosenKeys], FigureContent]) -> FigureKind:
    items = [("a", "one"), ("b", "other")]
    return FigureKind(
        key="ki67",
        title="Ki-67",
        count=count,
        choices=(FigureChoice("which", "", lambda _: items),),
    )


class Later(Background):
    """Keeps what is counted until the test delivers it, in any order, also of replaced runs."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[tuple[Callable[[Any], object], Callable[[BaseException], object]]] = []

    def run(self, owner: Any, work: Any, then: Any, otherwise: Any = None, **_more: Any) -> Any:
        self.runs.append((then, otherwise))


@pytest.fixture
def background_later(light: Any) -> Any:
    later = Later()
    yield later
    later.close()


@pytest.fixture
def card(background_later: Later, qtbot: Any) -> FigureCard:
    card = FigureCard(kind_of(lambda _counted, _chosen: CONTENT), background_later, Turns())
    qtbot.addWidget(card)
    card.show()
    return card


def prepared(which: str = "a") -> PreparedFigure:
    return PreparedFigure(chosen_keys={"which": which}, content=CONTENT)


def test_nothing_can_be_chosen_while_the_first_figure_is_counted(card: FigureCard) -> None:
    assert card.waiting.isVisible()
    assert not card.buttons["which"].isVisible()
    card.show_counts(COUNTS, prepared())
    assert card.buttons["which"].isVisible()


def test_a_table_wanted_before_there_is_a_figure_is_shown_when_it_is_counted(
    card: FigureCard,
) -> None:
    card.table_action.setChecked(True)
    card.make()
    card.table_action.setChecked(False)
    assert card.waiting.isVisible()
    card.table_action.setChecked(True)
    assert card.waiting.isVisible()
    card.show_counts(COUNTS, prepared())
    assert card.table is not None
    assert card.table.isVisible()
    assert len(card.table.records()) == 1
    card.table_action.setChecked(False)
    assert card.figure is not None
    assert card.figure.isVisible()
    assert card.table is None


def test_the_failure_of_an_older_choice_does_not_pass_for_the_newer_one(
    card: FigureCard, background_later: Later
) -> None:
    card.show_counts(COUNTS, prepared())
    card.buttons["which"].choose("b")
    card.buttons["which"].choose("a")
    assert not card.is_drawn
    (_, older), (_, newer) = background_later.runs
    with pytest.raises(ValueError, match="older"):
        older(ValueError("older"))
    assert not card.is_drawn
    with pytest.raises(ValueError, match="newer"):
        newer(ValueError("newer"))
    assert card.is_drawn
