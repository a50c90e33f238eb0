"""The best response of one patient and of a cohort: two forms of one rule."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from model.records.assessments import RESPONSES, Assessment
from model.records.best_response import best_response, best_responses

FIRST = date(2024, 3, 4)
DAYS = st.integers(-40, 40).map(lambda days: FIRST + timedelta(days=days))
COLUMNS = ("patient_id", "assessed_on", "timepoint", "modality", "response")


def assessments_of(patient_id: int) -> st.SearchStrategy[list[Assessment]]:
    return st.lists(
        st.builds(
            Assessment,
            patient_id=st.just(patient_id),
            assessed_on=DAYS,
            timepoint=st.sampled_from((None, "baseline", "clinical", "post_cycle")),
            modality=st.sampled_from((None, "CT", "clinical")),
            response=st.sampled_from((None, *RESPONSES)),
        ),
        max_size=5,
    )


@given(st.data())
def test_one_patient_and_a_cohort_have_the_same_best_response(data: st.DataObject) -> None:
    ids = range(1, data.draw(st.integers(1, 3)) + 1)
    read = {each: data.draw(assessments_of(each)) for each in ids}
    first = {each: data.draw(DAYS) for each in ids}
    died = {each: data.draw(st.booleans()) for each in ids}
    rows = [asdict(one) for some in read.values() for one in some]
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in COLUMNS})
    frame["assessed_on"] = pd.to_datetime(frame["assessed_on"])
    frame = frame.astype({"timepoint": "str", "modality": "str", "response": "str"})
    treated = pd.DataFrame(
        {
            "first_on": pd.to_datetime([*first.values()]),
            "status": ["dead" if each else "alive" for each in died.values()],
        },
        index=pd.Index(ids, name="patient_id"),
    )
    assert best_responses(frame, treated).to_dict() == {
        each: best_response(read[each], first[each], has_died=died[each]) for each in ids
    }


def test_without_a_cycle_there_is_none() -> None:
    read = [Assessment(patient_id=1, assessed_on=FIRST, response="PR")]
    assert best_response(read, None, has_died=True) is None
