"""The pages of the report, read as by a PDF reader."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date

import pytest

from gui.reports import cohort_pdf
from gui.reports.printing import DEVICE_TEXT
from gui.style import theme
from model.cohort.options import DEFAULT_OPTIONS
from model.cohort.report import CohortReport, compute_report
from model.cohort.selection import EVERYONE, Filter, FilterKind, Selection
from tests.gui.reports.pages import facts_of, places_of, text_of

TODAY = date(2026, 6, 20)
CUT_OFF = Selection(name="Main analysis", cut_off=TODAY)


@pytest.fixture(scope="module")
def known(demo) -> CohortReport:
    return compute_report(demo, CUT_OFF, DEFAULT_OPTIONS, TODAY, casebook="Study")


@pytest.fixture(scope="module")
def pages(qapp, known) -> bytes:
    theme.apply(qapp, theme.Scheme.LIGHT)
    return cohort_pdf.as_pdf(known)


@pytest.fixture(scope="module")
def words(pages) -> str:
    return text_of(pages)


def test_the_first_page_shows_selection_cut_off_and_versions(known, words):
    assert "“Main analysis”: All patients; data cut-off 20 Jun 2026; T0 the first cycle." in words
    assert "20 patients · CTCAE 5.0 · Theralog" in words
    assert "worst grade" in words
    assert DEVICE_TEXT in words
    assert "Synthetic demo data" in words


def test_every_number_of_every_table_is_printed(known, words):
    plain = " ".join(words.split())
    for sheet in known.sheets:
        assert sheet.title in plain
        for row in sheet.spread().rows:
            for cell in row.cells:
                first = " ".join(cell.text.split()[:3])
                assert first in plain, (sheet.key, row)


def test_the_paragraph_and_its_definitions_are_printed(known, words):
    assert " ".join(known.paragraph.text.split()) in words
    assert " ".join(known.paragraph.footnote.split()) in words


@pytest.mark.parametrize(
    "said",
    [
        "Overall survival",
        "Progression-free survival",
        "At risk",
        "Course by patient",
        "SYN-001",
        "Best change of tumour size",
        "Long-term toxicity, by worst grade",
        "Ki-67 and grade",
        "Results after each cycle",
    ],
)
def test_every_figure_has_readable_text(words, said):
    assert said in words


def test_pages_are_numbered_and_marked(pages, words):
    count = int(facts_of(pages)["Pages"])
    assert re.findall(r"Page (\d+) of (\d+)", words) == [
        (f"{number}", f"{count}") for number in range(1, count + 1)
    ]
    assert words.count("Synthetic demo data") == count


def test_a_continued_table_repeats_its_head(words):
    assert "Nadirs continued" in words
    assert words.count("Nadir, or peak: median (range)") > 1 or words.count("Recovered") > 1


@pytest.mark.parametrize(("size", "width", "height"), [("A4", 595, 842), ("Letter", 612, 792)])
def test_nothing_exceeds_the_margins(qapp, known, size, width, height):
    pages = cohort_pdf.as_pdf(known, size)
    assert f"{width} x {height}" in re.sub(r"\.\d+", "", facts_of(pages)["Page size"])
    for left, top, right, bottom, word in places_of(pages):
        assert left >= 30, word
        assert right <= width - 30, word
        assert top >= 20, word
        assert bottom <= height - 12, word


def test_the_properties_do_not_name_the_casebook(pages):
    facts = facts_of(pages)
    assert facts["Title"] == "Cohort report"
    assert facts["Creator"] == "Theralog"
    assert b"Study" not in pages


def test_figures_are_vectors(pages):
    assert b"/Subtype /Image" not in pages


def test_without_codes_patients_are_numbers(qapp, demo):
    made = compute_report(demo, EVERYONE, DEFAULT_OPTIONS, TODAY, with_codes=False)
    words = text_of(cohort_pdf.as_pdf(made))
    assert "SYN" not in words
    assert [lane.code for lane in made.swimmer.lanes] == [f"Patient {n}" for n in range(1, 21)]


def test_no_free_text_is_printed(qapp, marked):
    made = compute_report(marked, EVERYONE, DEFAULT_OPTIONS, date(2025, 6, 1), with_codes=False)
    words = text_of(cohort_pdf.as_pdf(made))
    for name in ("Wolfeschlegel", "Maria Magdalena", "00098877", "regimen", "STUDY-CODE"):
        assert name not in words
    assert "02-03" not in words


def test_in_a_dark_window_the_pages_are_the_same_and_the_window_stays_dark(qapp, known, pages):
    theme.apply(qapp, theme.Scheme.DARK)
    try:
        drawing = cohort_pdf.draw_in_slices(known, "A4")
        while True:
            try:
                next(drawing)
            except StopIteration as end:
                dark = end.value
                break
            assert theme.current() is theme.DARK
    finally:
        theme.apply(qapp, theme.Scheme.LIGHT)
    dated = re.compile(rb"/(CreationDate|ID)[^\n]*|<xmp:[^\n]*|uuid[^\n]*")
    assert len(dated.sub(b"", dark)) == pytest.approx(len(dated.sub(b"", pages)), abs=64)
    assert text_of(dark) == text_of(pages)


def test_a_selection_of_nobody_has_a_report_too(qapp, demo):
    none = Selection(filters=(Filter(kind=FilterKind.CYCLES, low=99.0, high=99.0),))
    words = text_of(cohort_pdf.as_pdf(compute_report(demo, none, DEFAULT_OPTIONS, TODAY)))
    assert "0 patients" in words
    assert "No patient was treated." in words
    assert "None" not in words
    assert "nan" not in words


def test_single_courses_of_very_many_are_left_out_with_a_note(qapp, demo, monkeypatch):
    monkeypatch.setattr("model.cohort.report.MOST_LANES", 19)
    made = compute_report(demo, EVERYONE, DEFAULT_OPTIONS, TODAY)
    words = text_of(cohort_pdf.as_pdf(made))
    note = "The courses of individual patients are not drawn: the selection has 20 patients"
    assert note in words
    assert "SYN-001" not in words


def test_two_versions_of_ctcae_cause_a_warning(qapp, known):
    words = text_of(cohort_pdf.as_pdf(replace(known, ctcae=("5.0", "6.0"))))
    assert "CTCAE 5.0 and 6.0" in words
    assert "graded in two versions of CTCAE" in words


def test_no_slice_blocks_the_window(qapp, known):
    longest = []
    for _ in range(3):
        drawing, times = cohort_pdf.draw_in_slices(known, "A4"), []
        while True:
            started = time.process_time()
            try:
                next(drawing)
            except StopIteration:
                break
            finally:
                times.append(time.process_time() - started)
        longest.append(max(times))
    assert min(longest) < 0.05


def test_lanes_that_do_not_fit_continue_on_the_next_page(qapp, known):
    lanes = known.swimmer.lanes * 4
    many = tuple(replace(lane, code=f"P-{n:03}") for n, lane in enumerate(lanes, 1))
    made = replace(known, swimmer=replace(known.swimmer, lanes=many))
    words = text_of(cohort_pdf.as_pdf(made, "Letter"))
    assert "Course by patient, 1–60 of 80" in words
    assert "Course by patient, 61–80 of 80" in words
    assert all(lane.code in words for lane in many)
