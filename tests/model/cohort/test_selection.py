"""A selection in words, as JSON, and saved by name in a casebook."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cohort import saved_selections
from model.cohort.selection import (
    EVERYONE,
    FILTER_INPUTS,
    RECORDS,
    T0,
    Filter,
    FilterInput,
    FilterKind,
    Selection,
    as_text,
    from_text,
)
from model.errors import InvalidRecord, KnownError
from model.store.casebook import Casebook
from model.store.settings import save_setting

STUDY = Selection(
    name="Study",
    filters=(
        Filter(kind=FilterKind.GRADE, values=("NET G3",)),
        Filter(kind=FilterKind.KI67, low=20.0, high=55.0),
        Filter(kind=FilterKind.AGENT, values=("225Ac-DOTA-LM3",)),
    ),
    cut_off=date(2026, 6, 20),
)


def test_a_selection_is_one_sentence() -> None:
    assert STUDY.sentence() == (
        "Patients treated with 225Ac-DOTA-LM3, NET G3, Ki-67 20–55 %;"
        " data cut-off 20 Jun 2026; T0 the first cycle"
    )
    assert EVERYONE.sentence() == "All patients; no data cut-off; T0 the first cycle"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Filter(kind=FilterKind.MODALITY, values=("tandem",), negated=True), "not tandem cycles"),
        (Filter(kind=FilterKind.PRIOR_THERAPY, values=("prrt",)), "prior PRRT"),
        (Filter(kind=FilterKind.PRIMARY_SITE, values=("small_bowel", "lung")),
         "primary site small bowel or lung"),
        (Filter(kind=FilterKind.CYCLES, low=1, high=1), "1 cycle"),
        (Filter(kind=FilterKind.CYCLES, low=2), "at least 2 cycles"),
        (Filter(kind=FilterKind.KI67, high=20.0), "Ki-67 up to 20 %"),
        (Filter(kind=FilterKind.FIRST_CYCLE, low=date(2024, 1, 8)),
         "first cycle from 8 Jan 2024 on"),
        (Filter(kind=FilterKind.RECORDS, values=("lab results",), low=3), "at least 3 lab results"),
        (Filter(kind=FilterKind.STATUS, values=("alive",)), "alive"),
        (Filter(kind=FilterKind.METASTASIS, values=("liver",)), "metastases in liver"),
        (Filter(kind=FilterKind.AGE, low=70), "age at T0 at least 70 years"),
    ],
)  # fmt: skip
def test_a_filter_has_its_words(asked: Filter, words: str) -> None:
    assert asked.label == words


@pytest.mark.parametrize(
    ("t0", "words"),
    [
        (Selection(t0=T0.FIRST_OF_NUCLIDE, t0_nuclide="225Ac"), "T0 the first cycle of 225Ac"),
        (Selection(t0=T0.DIAGNOSIS), "T0 diagnosis"),
        (Selection(t0=T0.RECORDED), "T0 the recorded index date"),
    ],
)
def test_t0_has_its_words(t0: Selection, words: str) -> None:
    assert t0.t0_words == words


@pytest.mark.parametrize(
    "asked",
    [
        Filter(kind=FilterKind.SEX),
        Filter(kind=FilterKind.KI67),
        Filter(kind=FilterKind.KI67, low=30.0, high=20.0),
        Filter(kind=FilterKind.RECORDS, values=("stars",), low=1),
        Filter(kind=FilterKind.RECORDS, values=("lab results",)),
    ],
)
def test_a_filter_that_asks_nothing_says_why(asked: Filter) -> None:
    assert asked.problem()
    assert Selection(filters=(asked,)).problems() == {"filters.0": asked.problem()}


def test_the_first_cycle_of_no_nuclide_is_no_t0() -> None:
    assert "t0_nuclide" in Selection(t0=T0.FIRST_OF_NUCLIDE).problems()


def bounds(kind: FilterKind) -> st.SearchStrategy[object]:
    days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
    numbers = st.floats(0, 100, allow_nan=False)
    return st.none() | (days if FILTER_INPUTS[kind] is FilterInput.DATES else numbers)


FILTERS = st.sampled_from(FilterKind).flatmap(
    lambda kind: st.builds(
        Filter,
        kind=st.just(kind),
        values=st.lists(st.sampled_from(RECORDS) | st.text(max_size=9), max_size=3).map(tuple),
        low=bounds(kind),
        high=bounds(kind),
        negated=st.booleans(),
    )
)


@given(
    st.builds(
        Selection,
        name=st.text(max_size=20),
        filters=st.lists(FILTERS, max_size=4).map(tuple),
        t0=st.sampled_from(T0),
        t0_nuclide=st.text(max_size=5),
        cut_off=st.none() | st.dates(),
    )
)
def test_a_selection_survives_as_text(selection: Selection) -> None:
    again = from_text(as_text(selection))
    assert again == selection
    assert as_text(again) == as_text(selection)
    assert selection.sentence().endswith(selection.t0_words)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"name": "x", "filters": [{}], "t0": "diagnosis"}']
)
def test_what_is_no_selection_is_refused(text: str) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        from_text(text)


def test_selections_are_kept_by_name_and_forgotten(casebook: Casebook) -> None:
    assert saved_selections.load_selections(casebook) == ()
    other = Selection(name="another")
    with casebook.step("Save selection") as step:
        saved_selections.save_selection(step, STUDY)
        saved_selections.save_selection(step, other)
    assert saved_selections.load_selections(casebook) == (other, STUDY)
    changed = Selection(name="Study", t0=T0.DIAGNOSIS)
    with casebook.step("Save selection") as step:
        saved_selections.save_selection(step, changed)
        saved_selections.remove_selection(step, "another")
        saved_selections.remove_selection(step, "nothing")
    assert saved_selections.load_selections(casebook) == (changed,)
    casebook.undo()
    assert saved_selections.load_selections(casebook) == (other, STUDY)


@pytest.mark.parametrize(
    "selection", [Selection(name=" "), Selection(name="x", filters=(Filter(kind=FilterKind.SEX),))]
)
def test_one_without_a_name_or_meaning_is_not_kept(
    casebook: Casebook, selection: Selection
) -> None:
    with pytest.raises(InvalidRecord), casebook.step("Save selection") as step:
        saved_selections.save_selection(step, selection)
    assert saved_selections.load_selections(casebook) == ()


def test_selections_that_cannot_be_read_are_named(casebook: Casebook) -> None:
    with casebook.step("Break") as step:
        save_setting(step, saved_selections.SETTING, "{")
    with pytest.raises(KnownError, match="selections"):
        saved_selections.load_selections(casebook)
