"""Which toxicities count: by attribution, and by windows of days since the cycle."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cohort import frames, selecting, toxicity
from model.cohort.figures.toxicity_bars import toxicity_bars
from model.cohort.lines import TableLine
from model.cohort.messages import translate
from model.cohort.options import (
    DEFAULT_OPTIONS,
    Attribution,
    EventScope,
    Options,
    Phase,
    PhaseSource,
    UndecidedEvents,
)
from model.cohort.paragraph import abstract
from model.cohort.selection import EVERYONE, Selection
from model.cohort.tables import count_tables
from model.dates import PartialDate
from model.exchange.cohort_files import summary_lines, summary_rows
from model.records import cycles, patients, toxicities
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.life import Life
from model.records.patients import Patient
from model.records.toxicities import ATTRIBUTIONS, Toxicity, suggested_phase
from model.store.casebook import Casebook

FIRST, SECOND = date(2024, 3, 4), date(2024, 5, 6)
WINDOWS = Options(phases=PhaseSource.BY_DAY, acute_days=7, subacute_days=90)
Add = Callable[..., None]


@pytest.fixture
def add(casebook: Casebook) -> Add:
    """Add a toxicity of a patient with two cycles of their own."""
    number = iter(range(1, 100))

    def add(
        onset_on: date | PartialDate | None = FIRST, term: str = "Nausea", **fields: Any
    ) -> None:
        if isinstance(onset_on, date):
            onset_on = PartialDate.of(onset_on)
        with casebook.step("Add") as step:
            key = patients.save(step, Patient(code=f"P-{next(number)}")).id or 0
            for n, day in enumerate((FIRST, SECOND), start=1):
                given = [Administration(number=1, nuclide="225Ac", unit="MBq")]
                cycles.save(step, Cycle(patient_id=key, number=n, given_on=day), given)
            values: dict[str, Any] = {"term": "Nausea", "ctcae_version": "5.0", "grade": 1} | fields
            toxicities.save(step, Toxicity(patient_id=key, onset_on=onset_on, **values))

    return add


def counts(casebook: Casebook, options: Options) -> dict[str, int | None]:
    """The patients with any toxicity, by section."""
    chosen = selecting.apply_selection(frames.load(casebook), EVERYONE)
    lines = [line for table in count_tables(chosen, EVERYONE, options) for line in table.lines]
    return {line.section: line.n for line in lines if (line.measure, line.level) == ("any", "any")}


def test_only_related_toxicities_count_by_option(casebook: Casebook, add: Add) -> None:
    for attribution in (*ATTRIBUTIONS, None):
        add(attribution=attribution)
    related = Options(attribution=Attribution.RELATED)
    assert counts(casebook, DEFAULT_OPTIONS)["all toxicity"] == 6
    assert counts(casebook, related)["all toxicity"] == 3
    chosen = selecting.apply_selection(frames.load(casebook), EVERYONE)
    [table] = count_tables(chosen, EVERYONE, related, only=["all_toxicity"])
    assert "1 toxicity has no recorded attribution." in table.notes
    assert any("possible, probable or definite" in note for note in table.notes)
    of_any = [line for line in table.lines if line.measure == "any"]
    assert all("possible, probable or definite attribution" in one.definition for one in of_any)
    bars = toxicity_bars(chosen, None, related)
    assert sum(bars.bars[0].counts[1:]) == 3
    assert len(bars.notes) == 2
    text = abstract.paragraph(chosen, count_tables(chosen, EVERYONE, related), EVERYONE, related)
    assert "No treatment-related acute toxicity was recorded" in text.text
    assert "Treatment-related only" in text.footnote


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        (0, "acute"),
        (7, "acute"),
        (8, "subacute"),
        (62, "subacute"),
        (63 + 7, "acute"),  # day 7 after the second cycle
        (63 + 90, "subacute"),
        (63 + 91, "long-term"),
    ],
)
def test_windows_count_from_the_last_cycle_before_the_onset(
    casebook: Casebook, add: Add, days: int, phase: str
) -> None:
    add(FIRST + timedelta(days=days), phase="acute")
    expected = dict.fromkeys(("acute", "subacute", "long-term", "all"), 0) | {phase: 1, "all": 1}
    assert counts(casebook, WINDOWS) == {f"{one} toxicity": n for one, n in expected.items()}
    # As recorded, there are no subacute ones.
    assert counts(casebook, DEFAULT_OPTIONS) == {
        "acute toxicity": 1,
        "long-term toxicity": 0,
        "all toxicity": 1,
    }


@pytest.mark.parametrize(
    ("onset_on", "phase"),
    [
        (None, None),
        (date(2024, 3, 3), None),
        (PartialDate(2024, 4), "subacute"),  # day 28 to day 57
        (PartialDate(2024, 3), None),
        (PartialDate(2024, 5), None),  # before and after the second cycle
        (PartialDate(2025), "long_term"),
    ],
)
def test_an_onset_that_does_not_decide_is_of_no_window(
    casebook: Casebook, add: Add, onset_on: Any, phase: str | None
) -> None:
    add(onset_on)
    loaded = frames.load(casebook)
    recorded = Options(phases=PhaseSource.BY_DAY, subacute_days=90, events=EventScope.RECORDED)
    [found] = toxicity.counted_toxicities(loaded, recorded)["phase"].tolist()
    assert found == phase or (phase is None and found != found)


@given(st.integers(-30, 400))
def test_without_a_subacute_window_a_day_is_of_the_phase_that_is_suggested(days: int) -> None:
    life = Life(cycles=((1, FIRST), (2, SECOND)))
    on = FIRST + timedelta(days=days)
    since = (on - (SECOND if on >= SECOND else FIRST)).days
    expected = Options(phases=PhaseSource.BY_DAY).phase_on(since) if days >= 0 else None
    assert suggested_phase(on, life) == expected


def test_the_days_are_stated_wherever_windows_are_used(casebook: Casebook, add: Add) -> None:
    add(FIRST + timedelta(days=30))
    chosen = selecting.apply_selection(frames.load(casebook), EVERYONE)
    made = {table.key: table for table in count_tables(chosen, EVERYONE, WINDOWS)}
    assert "with an onset from day 8 to day 90 since" in made["subacute_toxicity"].notes[0]
    assert "acute to day 7, subacute from day 8 to day 90, long-term after day 90" in (
        WINDOWS.sentence()
    )
    definition = made["long_term_toxicity"].lines[0].definition
    assert "onset after day 90" in definition
    sections = [line.section for line in summary_lines(made["subacute_toxicity"].lines)]
    assert set(sections) == {"subacute toxicity"}
    rows = list(summary_rows(made["subacute_toxicity"].lines))
    assert any("onset from day 8 to day 90" in cell for row in rows for cell in row)
    text = abstract.paragraph(chosen, made.values(), EVERYONE, WINDOWS)
    assert "Subacute toxicity, of one treated patient: nausea grade 1 (n = 1)." in text.text or (
        "Subacute toxicity, of 1 treated patient: nausea grade 1 (n = 1)." in text.text
    )
    assert "long-term after day 90" in text.footnote
    assert "Subacute" not in abstract.paragraph(chosen, count_tables(chosen), EVERYONE).text


def test_options_survive_as_text_and_older_ones_can_be_read() -> None:
    options = Options(
        attribution=Attribution.RELATED, phases=PhaseSource.BY_DAY, acute_days=14, subacute_days=60
    )
    assert Options.from_text(options.as_text()) == options
    old = json.loads(DEFAULT_OPTIONS.as_text())
    for name in ("undecided", "attribution", "phases", "acute_days", "subacute_days"):
        del old[name]
    assert Options.from_text(json.dumps(old)) == DEFAULT_OPTIONS


UNDECIDED = [
    # Onset, end, whether it counts where the dates do not decide: the first cycle was on 4 March.
    (PartialDate(2024, 3), None, None),
    (PartialDate(2024), None, None),
    (None, None, None),
    (PartialDate(2024, 4), None, True),
    (PartialDate(2024, 2), None, False),
    (PartialDate(2024, 3), date(2024, 3, 3), False),
    (None, date(2024, 3, 3), False),
]


@pytest.mark.parametrize(("onset_on", "resolved_on", "expected"), UNDECIDED)
def test_what_the_dates_do_not_decide_is_counted_as_the_option_says_and_listed(
    casebook: Casebook,
    add: Add,
    onset_on: PartialDate | None,
    resolved_on: date | None,
    expected: bool | None,
) -> None:
    add(onset_on, resolved_on=resolved_on)
    chosen = selecting.apply_selection(frames.load(casebook), EVERYONE)
    for options, when_open in (
        (DEFAULT_OPTIONS, 1),
        (Options(undecided=UndecidedEvents.LEFT_OUT), 0),
    ):
        n = when_open if expected is None else int(expected)
        assert counts(casebook, options)["all toxicity"] == n
        notes = next(
            table.notes for table in count_tables(chosen, EVERYONE, options) if "all" in table.key
        )
        said = [translate(note) for note in notes if "P-1 Nausea 1" in translate(note)]
        assert bool(said) is (expected is None)
        assert all(("left out" in note) is (when_open == 0) for note in said)


def test_what_may_have_begun_after_the_cut_off_is_undecided(casebook: Casebook, add: Add) -> None:
    add(PartialDate(2024, 4))
    for day, counted in ((date(2024, 4, 10), [1, 0]), (date(2024, 4, 30), [1, 1])):
        chosen = selecting.apply_selection(frames.load(casebook), Selection(cut_off=day))
        found = [
            len(toxicity.counted_toxicities(chosen, options))
            for options in (DEFAULT_OPTIONS, Options(undecided=UndecidedEvents.LEFT_OUT))
        ]
        assert found == counted
    chosen = selecting.apply_selection(frames.load(casebook), Selection(cut_off=date(2024, 3, 31)))
    assert len(toxicity.counted_toxicities(chosen, DEFAULT_OPTIONS)) == 0


def test_windows_that_overlap_are_refused() -> None:
    assert Options(acute_days=-1).problems() != {}
    assert Options(acute_days=7, subacute_days=7).problems() != {}
    assert Options(acute_days=7, subacute_days=8).problems() == {}


def test_a_phase_that_the_options_do_not_have_has_no_lines(casebook: Casebook, add: Add) -> None:
    add()
    lines: list[TableLine] = toxicity.count_phase(frames.load(casebook), Phase.SUBACUTE)
    assert lines == []
