"""The search for an analyte to add to the form of a day."""

from __future__ import annotations

from model.language import _
from model.reference import analytes
from model.reference.analytes import ANALYTES, fold


def find_analytes(text: str) -> list[tuple[str, str, str]]:
    """Return the analytes that a text names, each as name, unit and key; the best come first.

    A text that is no known name is offered as it is written.
    """
    typed = fold(text)
    if not typed:
        return []
    begins, holds = [], []
    for analyte in ANALYTES:
        names = (analyte.name, analyte.key, *analyte.synonyms, *analyte.loinc)
        folded = [fold(name) for name in names]
        entry = (analyte.name, analyte.display_unit(), analyte.key)
        for name in analyte.fasting:
            if fold(name).startswith(typed):
                fasts = _("{analyte}, fasting").format(analyte=analyte.name)
                begins.append((fasts, analyte.display_unit(), name))
                break
        if any(name.startswith(typed) for name in folded):
            begins.append(entry)
        elif any(typed in name for name in folded):
            holds.append(entry)
    unknown = (text, _("as written; cannot be graded"), text)
    return [*begins, *holds, *([] if analytes.find(text) else [unknown])]
