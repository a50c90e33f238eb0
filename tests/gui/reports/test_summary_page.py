"""The patient summary: what is on it, that it is one page, and that omissions are stated."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from gui.reports import summary_tables
from gui.reports.summary_page import MARGIN, as_pdf, draw
from gui.style import theme
from model.documents import summary as patient_report
from model.documents.summary import Calendar
from model.records import labs, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.patient_records import load
from model.records.patients import Patient
from model.store.casebook import Casebook
from tests.gui.plots.svg import overlapping, written
from tests.gui.reports.pages import (
    ANALYTES,
    FIRST,
    MARKED,
    TODAY,
    facts_of,
    page,
    places_of,
    text_of,
)

DATES = re.compile(r"\b(19|20)\d\d\b|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
ALIAS = "P-7QK2"
LINE_OF_INTER = 1.21
"""The height of a word's box in the program's font, to one of its size."""

pytestmark = pytest.mark.usefixtures("light")


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_every_patient_of_the_demo_fits_on_one_page(demo, size):
    for number, patient in enumerate(patients.all_patients(demo)):
        # Every patient in both sizes, and in both ways.
        alias = ALIAS if (number % 2 == 0) == (size == "A4") else None
        pdf = page(demo, patient.code, size, alias)
        facts = facts_of(pdf)
        assert facts["Pages"] == "1"
        assert {"A4": "595", "Letter": "612"}[size] in facts["Page size"]
        text = text_of(pdf)
        assert (alias or patient.code) in text
        assert "Cycles" in text
        assert "page 1 of 1" in text


def test_the_page_names_its_kind_and_origin(demo):
    text = text_of(page(demo, "SYN-001"))
    for words in (
        "Synthetic demo data",
        "Casebook demo",
        "printed 1 Jun 2025",
        "CTCAE 5.0",
        "Theralog 0.",
        "not a medical device",
        "Identified: contains the study code and dates",
    ):
        assert words in text


def test_the_facts_the_cycles_and_the_worst_grades_are_there(demo):
    text = text_of(page(demo, "SYN-001"))
    for words in (
        "F, about 59 y (58 y at T0)",
        "NET G2 at diagnosis → NET G3",
        "Ki-67 30 %",
        "31 Jul 2023",
        "225Ac-DOTA-LM3",
        "56 d",
        "best PR",
        "Platelet count decreased",
        "6 Nov 2023 (C2)",
        "eGFR CKD-EPI 2021",
        "from Creatinine 0.80 mg/dL",
        "Activity of C1 unknown.",
    ):
        assert words in text


def test_figures_and_signs_can_be_searched_and_copied(demo):
    text = text_of(page(demo, "SYN-001"))
    for words in ("×10⁹/L", "ULN 400", "mL/min/1.73 m²", "·", "→", "−"):
        assert words in text


def test_what_does_not_fit_is_counted(marked):
    text = text_of(page(marked, MARKED))
    for counted in (r"and \d+ more", r"\d+ earlier not shown", "Not shown \\(no room\\)"):
        assert re.search(counted, text)
    assert "C8" in text
    assert facts_of(page(marked, MARKED))["Pages"] == "1"


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_nothing_exceeds_the_margins_or_overlaps_the_foot(demo, marked, size):
    wide, high = {"A4": (595, 842), "Letter": (612, 792)}[size]
    for casebook, code in ((demo, "SYN-001"), (demo, "SYN-020"), (marked, MARKED)):
        words = places_of(page(casebook, code, size))
        foot = next(top for _, top, _, _, word in words if word == "printed")
        for left, top, right, bottom, word in words:
            assert left >= MARGIN - 1, word
            assert right <= wide - MARGIN + 1, word
            assert top >= 20, word
            assert bottom <= high - 20, word
            assert bottom <= foot + 2 or top >= foot - 1, word


def test_no_text_is_smaller_than_seven_points(demo):
    heights = [bottom - top for _, top, _, bottom, _ in places_of(page(demo, "SYN-001"))]
    letter = 7 * LINE_OF_INTER
    assert min(heights) >= letter - 0.2


def test_a_deviation_over_ten_percent_is_flagged(marked):
    assert "−23 % !" in text_of(page(marked, MARKED))


@pytest.mark.parametrize(
    ("given", "text"), [(7.7, "+10 %"), (7.71, "+10.2 % !"), (6.3, "−10 %"), (6.2999, "−10.1 % !")]
)
def test_just_ten_percent_is_not_flagged(given, text):
    one = Administration(number=1, nuclide="225Ac", prescribed_mbq=7.0, administered_mbq=given)
    treatment = Treatment(Cycle(patient_id=1, number=1, given_on=FIRST), (one,))
    cell = summary_tables._cycle_row(Calendar(), treatment, None)[5]
    assert (cell.text, bool(cell.tone)) == (text, text.endswith("!"))


def test_a_value_that_laboratories_report_is_not_called_missing(tmp_path):
    with Casebook.create(tmp_path / "one.theralog") as casebook:
        with casebook.step("Fill") as step:
            patient = patients.save(step, Patient(code="P-1", sex="F"))
            result = LabResult(
                patient_id=patient.id, taken_on=FIRST, analyte="egfr", value=Decimal(70)
            )
            labs.save(step, replace(result, unit="mL/min/{1.73_m2}"))
        text = text_of(page(casebook, "P-1"))
    assert "Not derived, as reported by the laboratory: eGFR CKD-EPI 2021." in text
    assert "not recorded: Creatinine clearance, Cockcroft-Gault" in text


def test_a_sum_with_an_unknown_part_is_marked_at_least(marked):
    assert "at least 44.1 GBq 177Lu" in text_of(page(marked, MARKED))


def test_an_identified_page_names_the_patient(marked):
    text = text_of(page(marked, MARKED))
    assert "Canary-Wolfeschlegelsteinhausenbergerdorff" in text
    assert "CANARY-00098877" in text
    assert "born 3 Feb 1930" in text
    assert "Identified: contains the patient’s name" in text


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_a_pseudonymised_page_contains_no_free_text(marked, size):
    pdf = page(marked, MARKED, size, ALIAS)
    text = text_of(pdf)
    assert "canary" not in text.lower()
    assert b"canary" not in pdf.lower()
    assert "Wolfe" not in text
    assert ALIAS in text
    assert "Pseudonymised" in text


def test_a_pseudonymised_page_counts_days_and_has_no_date(marked):
    text = text_of(page(marked, MARKED, alias=ALIAS))
    assert DATES.findall(text.replace("printed 1 Jun 2025", "").replace("2021", "")) == []
    assert "day 392" in text
    assert "died day 490" in text
    assert "days old" not in text
    assert "Due:" not in text


def test_a_pseudonymised_page_does_not_say_that_nothing_is_due(demo):
    records = load(demo, patients.with_code(demo, "SYN-001").id)
    for code, is_said in ((None, True), (ALIAS, False)):
        report = patient_report.summarise(records, TODAY, ANALYTES, code=code)
        profile = replace(report.profile, ecog=1)
        nothing = replace(report, to_review=(), due=(), unknown=(), profile=profile)
        assert summary_tables.open_items_table(nothing).rows == ()
        text = text_of(as_pdf(nothing, "A4"))
        assert ("Nothing to review, nothing due" in text) is is_said
        assert ("Open and unknown" in text) is is_said


def test_an_age_over_89_is_shown_as_90_plus(marked):
    text = text_of(page(marked, MARKED, alias=ALIAS))
    assert "90+ y at T0" in text
    assert "not recorded or withheld: eGFR CKD-EPI 2021, Creatinine clearance" in text
    assert not re.search(r"\b9[34]\b", text)
    assert "F, 94 y at death (93 y at T0)" in text_of(page(marked, MARKED))


@pytest.mark.parametrize("alias", [None, ALIAS])
def test_the_properties_of_the_file_do_not_name_the_patient(marked, alias):
    facts = facts_of(page(marked, MARKED, alias=alias))
    assert facts["Title"] == "Patient summary"
    assert facts["Creator"] == "Theralog"
    assert facts.get("Author", "") == ""
    assert not {"Subject", "Keywords"} & set(facts)
    assert b"CANARY" not in page(marked, MARKED, alias=alias)


def test_a_patient_without_records_has_a_page_too(tmp_path):
    with Casebook.create(tmp_path / "new.theralog") as casebook:
        with casebook.step("Add patient") as step:
            patients.save(step, Patient(code="NEW-1"))
        for alias in (None, ALIAS):
            text = text_of(page(casebook, "NEW-1", alias=alias))
            assert "there is no course to draw" in text
            assert "Not recorded: sex, age, primary site, WHO grade, Ki-67, ECOG." in text


def test_without_a_cycle_days_count_from_the_first_record(marked):
    patient = patients.with_code(marked, MARKED)
    records = load(marked, patient.id)
    untreated = replace(records, treatments=(), therapies=())
    pdf = patient_report.summarise(untreated, TODAY, ANALYTES, code=ALIAS)
    assert pdf.calendar.name == "days since first record"
    assert (FIRST - pdf.calendar.origin).days == 10
    assert "days since first record" in text_of(as_pdf(pdf, "A4"))


def test_the_course_is_drawn_in_vectors_and_in_the_colours_of_paper(demo, qapp):
    light = page(demo, "SYN-001")
    assert b"/Subtype /Image" not in light
    theme.apply(qapp, theme.Scheme.DARK)
    assert _without_times(page(demo, "SYN-001")) == _without_times(light)
    assert theme.current().dark


def _without_times(pdf: bytes) -> bytes:
    """The drawing itself: the size of a file is the same when its times alone differ."""
    return re.sub(rb"\d{4}-?\d\d-?\d\dT?[\d:+Z']+|<[0-9A-Fa-f]{32}>|uuid:[0-9a-f-]+", b"", pdf)


def test_no_text_of_any_patient_of_the_demo_lies_over_another(demo, light):
    for patient in patients.all_patients(demo):
        records = load(demo, patient.id or 0)
        assert records is not None
        report = patient_report.summarise(records, TODAY, ANALYTES)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(72)
        painter = QPainter(generator)
        draw(painter, QRectF(30, 30, 535, 782), report, light.font())
        painter.end()
        texts = written(bytes(buffer.data().data()))
        assert len(texts) > 100
        # Formulas with letters of another font come in pieces.
        formulas = ("κ", "max(Scr")
        pairs = [pair for pair in overlapping(texts) if not any(f in str(pair) for f in formulas)]
        assert pairs == [], patient.code
