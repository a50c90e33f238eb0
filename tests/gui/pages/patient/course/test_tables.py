from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.pages.patient.course import course_rows
from gui.pages.patient.course.tables import CourseTables, as_tsv
from gui.widgets.row_model import Column
from model.course import course
from model.course.course import Course
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult, with_canonical
from tests.patient_records import make_records

C1 = date(2023, 7, 31)
RESULTS, NADIRS, CYCLES, LANES, DERIVED = range(5)


def told(*days: int, patient_id: int = 1) -> Course:
    """A patient with cycles on days 0 and 56, or on these, and platelets and creatinine."""
    taken = ((-3, "230"), (14, "48"), (42, "160"), (70, "<20"))
    results = [
        LabResult(
            id=number,
            patient_id=patient_id,
            taken_on=C1 + timedelta(days=day),
            analyte="plt",
            comparator="<" if value[0] == "<" else None,
            value=Decimal(value.lstrip("<")),
            unit="10*9/L",
            lln=Decimal(150),
            uln=Decimal(400),
        )
        for number, (day, value) in enumerate(taken, start=1)
    ]
    results.append(
        LabResult(
            id=9,
            patient_id=patient_id,
            taken_on=C1 + timedelta(days=14),
            analyte="crea",
            value=Decimal("1.0"),
            unit="mg/dL",
        )
    )
    records = make_records(
        patient_id,
        sex="F",
        age_at_index=58,
        treatments=[
            Treatment(
                Cycle(patient_id=patient_id, number=number, given_on=C1 + timedelta(days=day)), ()
            )
            for number, day in enumerate(days or (0, 56), start=1)
        ],
        results=[with_canonical(each) for each in sorted(results, key=lambda one: one.taken_on)],
    )
    return course.build_course(records)


@pytest.fixture
def tables(light: QApplication) -> Iterator[CourseTables]:
    tables = CourseTables()
    tables.resize(900, 400)
    tables.show_course(told(), ("plt", "egfr"))
    tables.show()
    QTest.qWaitForWindowExposed(tables)
    yield tables
    tables.close()
    tables.deleteLater()


def rows(tables: CourseTables) -> list[dict[str, str]]:
    """The texts of the open table, by column title."""
    table = tables.open_table()
    return [
        {column.title: column.text(record) for column in table.model.columns}
        for record in table.records()
    ]


def test_results_have_value_grade_limits_and_mark(tables: CourseTables) -> None:
    shown = rows(tables)
    assert shown[-1] == {
        "Date": "28 Jul 2023",
        "Analyte": "Platelets",
        "Value": "230",
        "Unit": "×10⁹/L",
        "Grade": "0",
        "Mark": "baseline",
        "LLN": "150",
        "ULN": "400",
        "Since cycle": "3 days before C1",
        "As written": "230 10*9/L",
    }
    platelets = {row["Since cycle"]: row for row in shown if row["Analyte"] == "Platelets"}
    nadir = platelets["14 days since C1"]
    assert (nadir["Value"], nadir["Grade"], nadir["Mark"]) == ("48", "3", "nadir of C1")
    assert platelets["14 days since C2"]["Value"] == "<20"


def test_nadirs_have_their_day_and_recovery(tables: CourseTables) -> None:
    tables.open(NADIRS)
    first, second = rows(tables)[:2]
    assert (first["Cycle"], first["Value"], first["Day"], first["Grade"]) == ("C1", "48", "14", "3")
    assert first["Recovery"] == "11 Sep 2023, after 28 days"
    assert second["Value"] == "<20"
    assert second["Recovery"] == "There is no later result."


def test_cycles_are_side_by_side_by_day_since_infusion(tables: CourseTables) -> None:
    tables.open(CYCLES)
    shown = [row for row in rows(tables) if row["Analyte"] == "Platelets"]
    assert [(row["Day since infusion"], row["C1"], row["C2"]) for row in shown] == [
        ("−14", "", "160"),
        ("−3", "230", ""),
        ("14", "48", "<20"),
        ("42", "160", ""),
    ]


def test_a_patient_with_other_cycles_has_other_columns(tables: CourseTables) -> None:
    tables.open(CYCLES)
    tables.show_course(told(0, patient_id=2), ("plt",))
    assert "C2" not in rows(tables)[0]
    assert tables.open_table() is tables.cycles
    tables.show_course(told(0, 30, 60, patient_id=3), ("plt",))
    assert "C3" in rows(tables)[0]
    assert tables.open_table() is tables.cycles


def test_derived_values_have_formula_and_inputs_or_a_reason(tables: CourseTables) -> None:
    tables.open(DERIVED)
    shown = {row["Derived value"].split()[0]: row for row in rows(tables)}
    assert shown["eGFR"]["Value"].startswith("65")
    assert "Creatinine 1.0 mg/dL" in shown["eGFR"]["Inputs"]
    assert shown["eGFR"]["Formula"]
    assert shown["ALBI"]["Value"] == ""
    assert shown["ALBI"]["Inputs"].endswith(".")


def test_a_table_is_copied_whole_for_a_spreadsheet(tables: CourseTables) -> None:
    tables.open(CYCLES)
    QTest.mouseClick(tables.copy_button, Qt.MouseButton.LeftButton)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0] == "Analyte\tUnit\tDay since infusion\tC1\tC2"
    assert lines[1] == "Platelets\t×10⁹/L\t-14\t\t160"
    assert lines[3] == "Platelets\t×10⁹/L\t14\t48\t<20"
    QApplication.clipboard().clear()


def test_copied_text_runs_no_formula_and_stays_in_its_cell() -> None:
    columns: list[Column[str]] = [Column("A", str), Column("", lambda _: "")]
    assert as_tsv(columns, ["=1+1", "two\tcells\nlines", "−7.5", "-x"]) == (
        "A\n'=1+1\ntwo cells lines\n-7.5\n'-x\n"
    )


def test_the_keyboard_reaches_every_table_and_the_button(tables: CourseTables) -> None:
    tables.activateWindow()
    tables.chips[0].setFocus()
    reached: list[QWidget | None] = []
    for _ in range(9):
        reached.append(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget() or tables, Qt.Key.Key_Tab)
    assert {tables.copy_button, tables.results.view} <= set(reached)
    assert any(chip in reached for chip in tables.chips)
    QTest.keyClick(tables.chips[NADIRS], Qt.Key.Key_Space)
    assert tables.open_table() is tables.nadirs
    tables.setFocus()
    assert QApplication.focusWidget() is tables.nadirs.view


def test_every_table_has_a_name(tables: CourseTables) -> None:
    names = []
    for number in range(len(tables.chips)):
        tables.open(number)
        names.append(tables.open_table().view.accessibleName())
    assert all(names)
    assert len(set(names)) == len(names)


def test_only_the_mark_of_a_toxic_result_is_alarming() -> None:
    mark = next(column for column in course_rows.RESULTS if column.title == "Mark")
    found = course_rows.result_rows(told(), ("plt", "crea"))
    assert mark.tone is not None
    tones = {f"{one.trend.name}: {one.mark}": mark.tone(one) for one in found if one.mark}
    assert tones == {
        "Platelets: baseline": "soft",
        "Platelets: nadir of C1": "alert",
        "Platelets: nadir of C2": "alert",
        "Creatinine: peak of C1": "soft",
    }
