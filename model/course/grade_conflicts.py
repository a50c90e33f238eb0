"""Whether a stated WHO grade fits the Ki-67, mitoses and differentiation beside it.

Cut-offs: WHO classification 2019 and 2022 of digestive neuroendocrine neoplasms. NET G1 Ki-67
below 3 %, G2 3 to 20 %, G3 above 20 %; mitoses per 2 mm² below 2, 2 to 20, above 20; the higher
of the two counts. NEC is poorly differentiated, with Ki-67 above 20 %.
"""

from __future__ import annotations

from model.records.biopsies import Biopsy

KI67_CUT_OFFS = (3.0, 20.0)
"""Ki-67 in percent from which on NET is G2, and above which it is G3."""
MITOSES_CUT_OFFS = (2.0, 20.0)
_RANGES = {1: "below {0:g}", 2: "{0:g} to {1:g}", 3: "above {1:g}"}


def conflict(biopsy: Biopsy) -> str:
    """How the stated grade and the other findings disagree, in words; empty when they do not.

    Nothing is decided: which of the two is right only the pathologist can say.
    """
    match biopsy.who_grade:
        case None:
            return ""
        case "NEC":
            return _conflict_of_nec(biopsy)
        case grade:
            return _conflict_of_net(biopsy, int(grade[-1]))


def _conflict_of_nec(biopsy: Biopsy) -> str:
    if biopsy.differentiation == "well":
        return "NEC is poorly differentiated, and well differentiated is recorded"
    ki67 = biopsy.ki67_percent
    if ki67 is not None and ki67 <= KI67_CUT_OFFS[1]:
        return f"Ki-67 {ki67:g} % does not fit NEC (above 20 %)"
    return ""


def _conflict_of_net(biopsy: Biopsy, grade: int) -> str:
    if biopsy.differentiation == "poor":
        return "NET is well differentiated, and poorly differentiated is recorded"
    ki67, mitoses = biopsy.ki67_percent, biopsy.mitoses_per_2mm2
    by_ki67 = _grade(ki67, KI67_CUT_OFFS)
    by_mitoses = _grade(mitoses, MITOSES_CUT_OFFS)
    if max(by_ki67, by_mitoses) == grade:
        return ""
    if by_mitoses > grade and by_mitoses >= by_ki67:
        wanted = _RANGES[grade].format(*MITOSES_CUT_OFFS)
        return f"{mitoses:g} mitoses per 2 mm² do not fit G{grade} ({wanted})"
    if by_ki67 and (by_ki67 > grade or by_mitoses < grade):
        wanted = _RANGES[grade].format(*KI67_CUT_OFFS)
        found = f"Ki-67 {ki67:g} % does not fit G{grade} ({wanted} %)"
        unknown = by_ki67 < grade and mitoses is None
        return f"{found}, and no mitotic count is recorded" if unknown else found
    return ""


def _grade(value: float | None, cut_offs: tuple[float, float]) -> int:
    """The grade that a value alone would give; 0 where there is none."""
    if value is None:
        return 0
    return 1 if value < cut_offs[0] else 2 if value <= cut_offs[1] else 3
