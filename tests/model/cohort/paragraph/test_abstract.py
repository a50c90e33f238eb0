"""The paragraph: every number is a number of the summary, and nothing is said that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.cohort import frames, selecting
from model.cohort.frames import Frames
from model.cohort.lines import CohortTable, TableLine
from model.cohort.options import DEFAULT_OPTIONS, Denominator, Options, ToxicityCount
from model.cohort.paragraph import abstract
from model.cohort.paragraph.abstract import Paragraph, save_template, saved_template
from model.cohort.paragraph.names import LISTS, NUMBERS, TEXTS, problems
from model.cohort.paragraph.template import (
    FORMS,
    at_the_start,
    sentences,
    shipped,
    spelled,
    written,
)
from model.cohort.selection import EVERYONE, Filter, FilterKind, Selection
from model.cohort.tables import count_tables
from model.errors import InvalidRecord, KnownError
from model.exchange.cohort_files import summary_lines
from model.exchange.new_casebook import new_casebook
from model.records import cycles, patients, toxicities, whole_patient
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from model.store.settings import SYNTHETIC

FIRST = date(2024, 3, 4)
COUNTED: dict[Any, tuple[Frames, tuple[CohortTable, ...]]] = {}
WORDS = {spelled(number): number for number in range(1000)}
NO_NUMBERS = re.compile(
    r"\d+(Ac|Lu)|LM3|Ki-67|G3|T0|grade \d(–\d)?|95 % CI|at 12 months|cut-off on 15 Jan 2026"
    r"|received \w+ cycles?|(?<= )(one|two|three|four)(?=, | and |\. |$)"
)
"""Where plain words of the shipped template and its lists hold digits: names, grades, levels."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    path = tmp_path_factory.mktemp("demo") / "demo.theralog"
    new_casebook(path, folder=Path(__file__).parents[3] / "files" / "demo_v1")
    with Casebook.open(path) as casebook:
        yield casebook


def told(
    casebook: Casebook,
    selection: Selection = EVERYONE,
    options: Options = DEFAULT_OPTIONS,
    template: str = "",
) -> Paragraph:
    chosen, made = counted(casebook, selection, options)
    return abstract.paragraph(chosen, made, selection, options, template)


def counted(
    casebook: Casebook, selection: Selection, options: Options
) -> tuple[Frames, tuple[CohortTable, ...]]:
    """The tables of a casebook; those of the demo are counted once."""
    key = (casebook.path, selection, options)
    if key not in COUNTED:
        chosen = selecting.apply_selection(frames.load(casebook), selection)
        COUNTED[key] = chosen, count_tables(chosen, selection, options)
    return COUNTED[key] if casebook.setting(SYNTHETIC) else COUNTED.pop(key)


def numbers_in(text: str) -> list[float]:
    """The numbers that a piece says, whether in digits or in words."""
    in_words = text.split(" ", 1)[0].lower()
    if in_words in WORDS:
        return [float(WORDS[in_words])]
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


def test_each_number_in_the_paragraph_is_that_of_a_line_of_the_summary(demo: Casebook) -> None:
    _, made = counted(demo, EVERYONE, DEFAULT_OPTIONS)
    lines = summary_lines(line for table in made for line in table.lines)
    pieces = [piece for piece in told(demo).pieces if piece.line is not None]
    assert len(pieces) > 60
    for piece in pieces:
        assert piece.line in lines, piece
        line = piece.line
        known = [line.n, line.of, line.percent, line.estimate, line.low, line.high]
        rounded = {round(value, 1) for value in known if value is not None}
        said = numbers_in(piece.text)
        assert said, piece
        assert {round(number, 1) for number in said} <= rounded, piece


def test_no_number_stands_in_the_words_between(demo: Casebook) -> None:
    words = "".join(piece.text if piece.line is None else "#" for piece in told(demo).pieces)
    plain = NO_NUMBERS.sub("", words)
    assert not re.search(r"\d", plain), plain
    assert not set(re.findall(r"[a-z]+", plain)) & (set(WORDS) - {"no"}), plain


@pytest.mark.parametrize(
    "sentence",
    [
        "Twenty patients received 41 cycles of 225Ac-DOTA-LM3, nine as monotherapy and 32 in"
        " tandem with 177Lu.",
        "Seven patients received one cycle, seven two, four three and two four.",
        "Acute toxicity, of 20 treated patients: nausea grade 1 (n = 8).",
        "anemia grade 2 (n = 4) and grade 3 (n = 1); ",
        "platelet count decreased grade 1–2 (n = 3) and grade 3 (n = 2); ",
        "white blood cell decreased grade 1–2 (n = 3) and grade 3 (n = 1); ",
        "complete response (n = 1), partial response (n = 10), stable disease (n = 2),"
        " progressive disease (n = 6) and clinical progression or death before imaging (n = 1).",
        "The objective response rate was 55 % (11 of 20 treated patients; 95 % CI 31.5–76.9 %),"
        " and 57.9 % of those imaged (11 of 19; 33.5–79.7 %).",
        "11 patients were alive (median follow-up 7.0 months) and nine had died"
        " (median survival 18.0 months).",
        "was 22.0 months (95 % CI 13.0–NR; 9 of 20 patients died).",
        "Overall survival at 12 months was 81.6 % (95 % CI 52.4–93.8 %).",
    ],
)
def test_the_demo_is_told_as_the_study_was(demo: Casebook, sentence: str) -> None:
    assert sentence in told(demo).text


def test_other_specify_is_told_by_what_was_specified(demo: Casebook) -> None:
    text = told(demo).text
    assert "liver impairment grade 2 (n = 2) and grade 3 (n = 1)" in text
    assert "specify" not in text


@pytest.mark.parametrize(
    "said",
    [
        "All patients; data cut-off 15 Jan 2026; T0 the first cycle.",
        "Treated are the patients with at least one cycle.",
        "Toxicity: CTCAE 5.0.",
        "Treatment-emergent as judged by the clinician",
        "by their worst grade",
        "exact (Clopper-Pearson) 95 % confidence intervals",
        "Greenwood’s variance on the log-log scale",
        "months of 30.4375 days",
        "plain medians",
    ],
)
def test_the_footnote_says_what_the_numbers_mean(demo: Casebook, said: str) -> None:
    assert said in told(demo).footnote


def test_the_footnote_defines_only_what_is_said(demo: Casebook) -> None:
    footnote = told(demo, template="{cycles | with unit} were given.").footnote
    assert "Toxicity" not in footnote
    assert "Kaplan-Meier" not in footnote
    assert "Clopper" not in footnote


def test_an_empty_casebook_says_that_nobody_was_treated(casebook: Casebook) -> None:
    assert told(casebook).text == "No patient was treated."


def test_a_selection_and_its_cut_off_are_told(demo: Casebook) -> None:
    once = Filter(kind=FilterKind.CYCLES, low=1.0, high=1.0)
    paragraph = told(demo, Selection(filters=(once,), cut_off=date(2026, 6, 20)))
    assert paragraph.text.startswith("Seven patients received seven cycles of 225Ac-DOTA-LM3")
    assert "At the data cut-off on 20 Jun 2026, " in paragraph.text
    assert "data cut-off 20 Jun 2026" in paragraph.footnote


def test_the_denominator_is_named_as_it_is_chosen(demo: Casebook) -> None:
    text = told(demo, options=Options(denominator=Denominator.IMAGED)).text
    assert "Long-term toxicity, of 19 imaged patients: " in text
    assert "Best response, of 19 imaged patients: " in text


def test_events_are_called_events(demo: Casebook) -> None:
    text = told(demo, options=Options(count=ToxicityCount.EVENTS)).text
    assert "nausea grade 1 (11 events)." in text
    assert "(n = )" not in text


def test_one_of_something_is_in_the_singular(casebook: Casebook) -> None:
    with casebook.step("Fill") as step:
        of = patients.save(step, Patient(code="P-1", primary_site="lymph_node"))
        cycles.save(step, Cycle(patient_id=of.id or 0, number=1, given_on=FIRST), [])
    assert told(casebook).text.startswith(
        "One patient received one cycle. The primary site was lymph node (n = 1). No acute"
        " toxicity was recorded in 1 treated patient."
    )


def test_a_sentence_whose_numbers_are_missing_is_left_out(
    demo: Casebook, casebook: Casebook
) -> None:
    template = "Median age was {median age | with unit}.\nThere were {patients | figure} patients."
    assert told(demo, template=template).text.startswith("Median age was 60.5 years. There were 20")
    assert told(casebook, template=template).text == "There were 0 patients."


def test_an_alternative_stands_only_for_what_was_left_out(demo: Casebook) -> None:
    template = "\n".join(
        (
            "{NE | some} were not evaluable.",
            "or: {tandem} in tandem.",
            "or: Never printed.",
            "{monotherapy} alone.",
            "or: Never printed either.",
        )
    )
    assert told(demo, template=template).text == "Thirty-two in tandem. Nine alone."


def test_several_agents_are_told_by_nuclide(casebook: Casebook) -> None:
    with casebook.step("Fill") as step:
        of = patients.save(step, Patient(code="P-1"))
        for number, nuclide in enumerate(("225Ac", "177Lu"), 1):
            given = Administration(number=1, nuclide=nuclide, unit="MBq", administered_mbq=8.0)
            on = date(2024, 3 + number, 4)
            cycles.save(step, Cycle(patient_id=of.id or 0, number=number, given_on=on), [given])
    assert told(casebook).text.startswith(
        "One patient received two cycles, with one administration of 177Lu and one of 225Ac."
    )


def test_a_median_that_is_not_reached_is_said_so(casebook: Casebook) -> None:
    from model.records.followups import FollowUp

    with casebook.step("Fill") as step:
        for code in ("P-1", "P-2"):
            of = patients.save(step, Patient(code=code))
            cycles.save(step, Cycle(patient_id=of.id or 0, number=1, given_on=FIRST), [])
            seen = FollowUp(patient_id=of.id or 0, seen_on=date(2025, 6, 1), status="alive")
            whole_patient.save_follow_up(step, seen)
    text = told(casebook).text
    assert "by Kaplan-Meier was not reached (0 of 2 patients died)." in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{cicles} were given.", "Line 1: there is no “cicles”. Did you mean “cycles”?"),
        ("{}", "Line 1: there is no “”."),
        ("\n# {wrong} in a comment\n{cycles | sum}", "Line 3: “cycles” has no form “sum”."),
        (
            "{best responses | figure}",
            "“best responses” is not a single number, so it has no forms.",
        ),
        ("{cycles were given.", "Line 1: a brace is not closed."),
    ],
)
def test_what_a_template_cannot_stand_for_is_named(
    demo: Casebook, template: str, fault: str
) -> None:
    assert any(fault in found for found in problems(template))
    with pytest.raises(KnownError, match="cannot be filled in"):
        told(demo, template=template)


def test_the_shipped_template_names_only_what_there_is() -> None:
    assert problems(shipped()) == []
    assert sentences(shipped())[0].number > 1


def test_every_name_and_every_form_can_be_used(demo: Casebook) -> None:
    names = [*NUMBERS, *LISTS, *TEXTS]
    for name in names:
        assert "None" not in told(demo, template=f"It is {{{name}}}.").text
    for form in FORMS:
        assert told(demo, template=f"It is {{ORR | {form}}}.").text, form


def test_a_casebook_saves_its_own_template_until_it_is_restored(casebook: Casebook) -> None:
    assert saved_template(casebook) == shipped()
    with casebook.step("Template") as step:
        save_template(step, "{patients | with unit} in all.")
    assert saved_template(casebook) == "{patients | with unit} in all."
    known = frames.load(casebook)
    text = abstract.of_casebook(casebook, known, count_tables(known)).whole
    assert text.startswith("No patients in all.\n\nAll patients; ")
    with casebook.step("Template") as step:
        save_template(step, shipped())
    assert saved_template(casebook) == shipped()


def test_a_template_with_a_problem_is_not_saved(casebook: Casebook) -> None:
    with pytest.raises(InvalidRecord, match="cicles"), casebook.step("Template") as step:
        save_template(step, "{cicles}")
    assert saved_template(casebook) == shipped()


def test_the_shipped_template_is_not_saved_as_the_own_one(casebook: Casebook) -> None:
    with casebook.step("Template") as step:
        save_template(step, f"{shipped()}\n")
    rows = casebook.rows("select value from setting where name = 'abstract_template'")
    assert rows == [{"value": ""}]


def test_for_a_word_processor_mass_numbers_stand_high_and_signs_are_safe(
    casebook: Casebook, demo: Casebook
) -> None:
    assert "cycles of <sup>225</sup>Ac-DOTA-LM3" in told(demo).html
    with casebook.step("Fill") as step:
        of = patients.save(step, Patient(code="P-1", primary_site="<b>pancreas</b>"))
        cycles.save(step, Cycle(patient_id=of.id or 0, number=1, given_on=FIRST), [])
        event: dict[str, Any] = {"term": "Anemia", "ctcae_version": "6.0", "grade": 2}
        toxicities.save(step, Toxicity(patient_id=of.id or 0, phase="acute", **event))
    paragraph = told(casebook)
    assert "&lt;b&gt;pancreas" in paragraph.html
    assert "Toxicity: CTCAE 6.0." in paragraph.footnote


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *((0, "no"), (1, "one"), (12, "twelve"), (20, "twenty"), (41, "forty-one")),
        *((100, "one hundred"), (213, "two hundred and thirteen"), (1000, "1 000")),
    ],
)
def test_numbers_are_spelled(number: int, words: str) -> None:
    assert spelled(number) == words


@pytest.mark.parametrize(
    ("forms", "text"),
    [
        ((), "11"),
        (("with unit",), "11 patients"),
        (("share",), "11 of 20 (55 %)"),
        (("percent",), "55 %"),
        (("of",), "20"),
        (("interval",), "31.5–NR"),
        (("was/were",), "were"),
        (("some", "with unit"), "11 patients"),
    ],
)
def test_a_number_is_written_in_the_form_asked_for(forms: tuple[str, ...], text: str) -> None:
    line = TableLine(
        section="s", measure="m", n=11, of=20, low=31.5, unit="patients", definition="d"
    )
    piece = written(line, forms)
    assert piece is not None
    assert piece.text == text
    assert at_the_start(piece).text[0] == at_the_start(piece).text[0].upper()
