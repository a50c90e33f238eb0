"""Out of whom patients are counted."""

from __future__ import annotations

import pandas as pd

from model.cohort import response
from model.cohort.frames import Frames
from model.cohort.options import Denominator
from model.records.best_response import BEST_FIRST


def patients_of(frames: Frames, denominator: Denominator) -> pd.Index:
    """The ids of the patients that a denominator takes, in the order of the frames."""
    match denominator:
        case Denominator.ALL:
            return frames.patients.index
        case Denominator.TREATED:
            return frames.treated.index
        case Denominator.IMAGED:
            best = response.best_responses(frames)
            return best.index[best.isin(BEST_FIRST)]
