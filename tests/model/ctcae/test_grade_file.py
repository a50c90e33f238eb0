import csv
import io

import pytest

from model.ctcae import result_file
from model.ctcae.grade_file import grade_file
from model.ctcae.grading import grade
from model.errors import KnownError

HEADER = "analyte,value,unit,lln,uln"


@pytest.fixture
def run(tmp_path):
    """Grade the text or bytes of a file; the rows that were written."""

    def graded(content, version="5.0", progress=None):
        path = tmp_path / "labs.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        try:
            grade_file(path, version, out, progress)
        except KnownError:
            assert out.getvalue() == ""
            raise
        return list(csv.reader(io.StringIO(out.getvalue()), strict=True))

    return graded


def test_each_row_is_written_with_each_term_in_order(run):
    rows = run(f"{HEADER}\nPLT,48,G/l,150,400\nhb,9.1,g/dL,12,16\nCGA,100,ug/L,,\n")
    assert rows == [
        [*HEADER.split(","), "term", "direction", "grade", "reason"],
        ["PLT", "48", "G/l", "150", "400", "Platelet count decreased", "L", "3", "48 < 50 ×10⁹/L"],
        ["hb", "9.1", "g/dL", "12", "16", "Anemia", "L", "2",
         "9.1 < 10.0 g/dL (grade 3 if a transfusion is needed; grade 4 if life is at risk)"],
        ["hb", "9.1", "g/dL", "12", "16", "Hemoglobin increased", "H", "0",
         "9.1 is not > ULN 16 g/dL"],
        ["CGA", "100", "ug/L", "", "", "", "", "",
         "CTCAE 5.0 has no term for a single result of Chromogranin A"],
    ]  # fmt: skip


def test_columns_are_kept_as_they_were_in_any_order(run):
    rows = run(
        'id,uln,lln,unit,value,Analyte,"note, free"\n'
        '007, 400 ,150,"10*9/L"," 48 ",plt,"said ""ok"", then\nleft"\n'
    )
    assert rows[0][:7] == ["id", "uln", "lln", "unit", "value", "Analyte", "note, free"]
    assert rows[1][:7] == ["007", " 400 ", "150", "10*9/L", " 48 ", "plt", 'said "ok", then\nleft']
    assert rows[1][7:10] == ["Platelet count decreased", "L", "3"]


def test_what_is_implausible_is_named_unless_it_is_confirmed(run):
    row = "plt,45000,10*9/L,150,400"
    rows = run(f"{HEADER},confirmed\n{row},\n{row},measured twice\n")
    assert [line[-1] for line in rows[1:]] == [
        "45000 is not < LLN 150 ×10⁹/L; check the unit: 45000 ×10⁹/L is implausible",
        "45000 is not < LLN 150 ×10⁹/L",
    ]


def test_a_baseline_that_is_implausible_is_named_unless_it_is_confirmed(run):
    row = "crea,1.9,mg/dL,0.5,1.2"
    rows = run(f"{HEADER},baseline_value,confirmed\n{row},88,\n{row},0.9,\n{row},88,repeated\n")
    notes = ["; check the baseline: 88 mg/dL is implausible", "", ""]
    for line, note in zip(rows[1:], notes, strict=True):
        assert line[-1].endswith(note)
        assert ("implausible" in line[-1]) == bool(note)


def test_optional_columns_are_used(run):
    text = f"{HEADER},baseline_value,baseline_flag,fasting\n"
    rows = run(
        text + "alt,200,U/L,7,40,60,,\nalt,200,U/L,7,40,,high,\ngluc,120,mg/dL,70,99,,,Y\n", "6.0"
    )
    assert [row[10] for row in rows[1:]] == ["3", "", "0", "1"]


def test_bad_rows_get_no_grade_and_a_reason(run):
    rows = run(
        f"{HEADER}\nplt,abc,G/l,150,\nplt,,G/l,150,\nplt,48,g/L,150,\n,48,G/l,150,\nXYZ,4,mg/L,,5\n"
        'plt,"7,5",G/l,150,\n'
    )
    assert [row[5:] for row in rows[1:]] == [
        ["Platelet count decreased", "L", "", "cannot grade: 'abc' is not a number"],
        ["Platelet count decreased", "L", "", "cannot grade: no value"],
        ["Platelet count decreased", "L", "", "cannot grade: unknown unit 'g/L' for Platelets"],
        ["", "", "", "no analyte"],
        ["", "", "", "unknown analyte 'XYZ'"],
        ["Platelet count decreased", "L", "", "cannot grade: '7,5' is not a number"],
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_line_ends_byte_order_mark_and_empty_lines_make_no_difference(run, ending, mark, quote):
    rows = [HEADER, f"plt,{quote}48{quote},G/l,150,400", "", "plt,24,G/l,150,400", ""]
    found = run(mark + ending.join(rows))
    assert [row[:2] + row[7:8] for row in found] == [
        ["analyte", "value", "grade"],
        ["plt", "48", "3"],
        ["plt", "24", "4"],
    ]


def test_the_last_line_needs_no_end(run):
    assert len(run(f"{HEADER}\nplt,48,G/l,150,400")) == 2
    assert len(run(f"{HEADER}\nplt,48,G/l,150,400\n")) == 2
    assert run(HEADER)[1:] == []
    assert run(f"{HEADER}\n")[1:] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("analyte,value,unit,lln\nplt,1,G/l,2\n", "line 1: there is no column uln"),
        ("value;unit\n1;2\n", "there is no column analyte or value or unit or lln or uln"),
        (f"{HEADER},uln\n", "line 1: the column uln is there twice"),
        (f"{HEADER},grade\n", "line 1: there is already a column grade"),
        (f"{HEADER}\nplt,1,G/l,2,3\nplt,1,G/l,2\n", "line 3: 4 columns where the header has 5"),
        (f"{HEADER}\nplt,1,G/l,2,3,4\n", "line 2: 6 columns where the header has 5"),
        (f'{HEADER}\n"plt",1,G/l,2,3\nplt,1\n', "line 3: 2 columns where the header has 5"),
        (f"{HEADER}\nplt,1,G/l,2\nplt,1,G/l,2,3,4\n", "line 2: 4 columns"),
        (f'{HEADER}\n"plt,1,G/l,2,3\n', "is not a CSV file"),
        (f"{HEADER}\nplt,1,µg,2,3\n".encode("latin-1"), r"is not UTF-8 text \(line 2\)"),
        (f"{HEADER}\n".encode("utf-16"), r"is not UTF-8 text \(line 1\)"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence_and_nothing_is_written(run, content, says):
    with pytest.raises(KnownError, match=says) as error:
        run(content)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(KnownError, match="cannot be read: No such file"):
        grade_file(tmp_path / "none.csv", "5.0", io.StringIO())


def test_a_file_in_many_parts_is_the_same_and_tells_its_progress(run, monkeypatch):
    lines = "".join(f"plt,{i % 160},G/l,150,400\nhb,{i % 17}.5,g/dL,12,16\n" for i in range(50))
    whole = run(f"{HEADER}\n{lines}")
    monkeypatch.setattr(result_file, "_ROWS_AT_ONCE", 7)
    told = []
    assert run(f"{HEADER}\n{lines}", progress=lambda *done: told.append(done)) == whole
    assert told[0] == (7, 100)
    assert told[-1] == (100, 100)
    quoted = run(
        f'{HEADER}\n"plt",1,G/l,150,400\n{lines}', progress=lambda *done: told.append(done)
    )
    assert quoted[2:] == whole[1:]
    assert told[-1] == (101, 101)


def test_the_file_says_what_the_engine_says(run):
    rows = run(
        f"{HEADER}\nna,129.5,mmol/L,136,145\nca,7.5,mg/dL,8.6,10.2\nplt,<5,G/l,150,\n", "6.0"
    )
    for row in rows[1:]:
        found = grade(row[0], row[1], row[2], version="6.0", lln=row[3], uln=row[4])
        [same] = [g for g in found if (g.term, g.direction) == (row[5], row[6])]
        assert row[7] == ("" if same.grade is None else str(same.grade))
        assert row[8] == same.reason + (f" ({same.could_raise})" if same.could_raise else "")


def calcium(rows):
    return [
        (row[rows[0].index("grade")], row[rows[0].index("reason")])
        for row in rows[1:]
        if "Hypocalcemia" in row
    ]


def test_calcium_is_corrected_by_its_albumin_column(run):
    text = f"{HEADER},albumin,albumin_unit\n"
    rows = run(text + "ca,7.8,mg/dL,8.6,10.2,2.4,g/dL\nca,7.8,mg/dL,8.6,10.2,,\n")
    [corrected, measured] = calcium(rows)
    assert corrected == (
        "0",
        "9.08 is not < LLN 8.6 mg/dL; calcium 7.8 mg/dL corrected for albumin 2.4 g/dL",
    )
    assert measured[0] == "2"
    assert "not corrected for albumin" in measured[1]


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("at_once", [1, 100])
def test_calcium_is_corrected_by_the_albumin_of_the_same_sample(run, monkeypatch, quote, at_once):
    monkeypatch.setattr(result_file, "_ROWS_AT_ONCE", at_once)
    rows = run(
        "patient_id,date,time,analyte,value,unit,lln,uln\n"
        f"{quote}A{quote},2024-03-01,,Calcium,7.8,mg/dL,8.6,10.2\n"
        "B,2024-03-01,,alb,5.0,g/dL,,\n"
        "A,2024-03-02,,alb,5.0,g/dL,,\n"
        "A,2024-03-01,,Albumin,24,g/L,,\n"
        "A,2024-03-03,08:00,ca,7.8,mg/dL,8.6,10.2\n"
        "A,2024-03-03,16:00,alb,2.4,g/dL,,\n"
        "B,2024-03-04,08:00,alb,5.0,g/dL,,\n"
        "B,2024-03-04,16:00,alb,2.4,g/dL,,\n"
        "B,2024-03-04,16:00,ca,7.8,mg/dL,8.6,10.2\n"
        "B,2024-03-04,,ca_ion,0.95,mmol/L,1.1,1.3\n"
    )
    assert [grade for grade, _reason in calcium(rows)] == ["0", "2", "0", "2"]


def test_without_a_patient_or_a_day_no_rows_are_of_one_sample(run):
    for name, cell in (("date", "2024-03-01"), ("patient_id", "A")):
        rows = run(f"{name},{HEADER}\n{cell},ca,7.8,mg/dL,8.6,10.2\n{cell},alb,2.4,g/dL,,\n")
        assert [grade for grade, _reason in calcium(rows)] == ["2"]


def test_a_column_says_who_was_on_anticoagulation(run):
    text = f"{HEADER},baseline_value,Anticoagulated\n"
    rows = run(text + "".join(f"inr,2.6,,,,2.4,{each}\n" for each in ("y", "n", "", "?")))
    assert [row[9] for row in rows[1:]] == ["1", "3", "3", "1"]
    assert "anticoag" not in rows[2][10]
    assert "anticoagulation is not recorded" in rows[3][10]
    assert "not known whether on anticoagulation" in rows[4][10]


def test_fever_is_graded_with_the_neutrophils_of_the_same_patient_and_day(run):
    rows = run(
        f"patient_id,date,{HEADER}\n"
        "A,2024-03-04,temp,38.6,C,,\nA,2024-03-04,ANC,900,/uL,1500,\n"
        "A,2024-03-05,temp,38.6,C,,\nB,2024-03-04,temp,38.6,C,,\nB,2024-03-04,ANC,1.0,G/l,1.5,\n"
    )
    found = [(row[0], row[1], row[-2]) for row in rows if row[-4] == "Febrile neutropenia"]
    assert found == [("A", "2024-03-04", "3"), ("A", "2024-03-05", ""), ("B", "2024-03-04", "0")]


@pytest.mark.parametrize(
    ("count", "level"), [("<=0.9", "3"), ("≤1.0", ""), ("<1.0", "3"), ("≥0.9", ""), (">=1.0", "0")]
)
def test_fever_with_a_count_that_may_be_low_gets_no_grade(run, count, level):
    rows = run(
        f"patient_id,date,{HEADER}\n"
        f"A,2024-03-04,temp,38.6,C,,\nA,2024-03-04,anc,{count},10*9/L,1.5,\n"
    )
    assert [row[-2] for row in rows if row[-4] == "Febrile neutropenia"] == [level]


def test_fever_is_graded_by_its_own_column_first(run):
    rows = run(f"{HEADER},neutropenic\ntemp,38.6,C,,,y\ntemp,38.6,C,,,n\ntemp,38.6,C,,,\n")
    assert [row[-2] for row in rows if row[-4] == "Febrile neutropenia"] == ["3", "0", ""]


def test_weight_and_egfr_are_graded_from_a_file(run):
    rows = run(
        f"{HEADER},baseline_value\nweight,71.9,kg,,,80\negfr,29,mL/min/1.73m2,90,,\n"
        "tsh,4.2,mU/L,0.4,4.0,\nlipase,9,U/L,13,60,\n"
    )
    found = {row[-4]: row[-2] for row in rows[1:]}
    assert found == {
        "Weight loss": "2",
        "Weight gain": "0",
        "Chronic kidney disease": "3",
        "Thyroid stimulating hormone increased": "1",
        "Pancreatic enzymes decreased": "1",
        "Lipase increased": "0",
    }
