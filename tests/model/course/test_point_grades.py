from dataclasses import replace
from datetime import date
from decimal import Decimal

from model.course import course
from model.course.grades import PointGrades
from model.records.labs import LabResult, with_canonical
from tests.patient_records import make_records


def platelets(value: str, on: date = date(2024, 3, 4)) -> LabResult:
    return with_canonical(
        LabResult(
            patient_id=1,
            taken_on=on,
            analyte="plt",
            value=Decimal(value),
            unit="10*9/L",
            lln=Decimal(150),
            uln=Decimal(400),
        )
    )


def grades(*results: LabResult, version: str = "5.0") -> list[int | None]:
    made = course.build_course(make_records(sex="F", results=results, ctcae_version=version))
    grade_of = PointGrades(made)
    return [grade_of(point) for point in made.trend("plt").points]


def test_each_result_has_its_grade_in_the_version_of_the_patient() -> None:
    results = [platelets("200"), platelets("48"), platelets("20")]
    assert grades(*results) == [0, 3, 4]
    assert grades(*results, version="6.0") == [0, 3, 3]


def test_what_cannot_be_graded_has_no_grade() -> None:
    assert grades(replace(platelets("48"), unit="furlongs"), platelets("48")) == [3]
    assert grades(replace(platelets("120"), lln=None, uln=None)) == [None]
