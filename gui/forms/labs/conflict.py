"""The versions of a laboratory result that was changed while its day was edited."""

from __future__ import annotations

from dataclasses import replace

from gui.forms.conflicts.versions import Versions
from gui.forms.labs.row import LabLine
from model.dates import date_text
from model.errors import EditConflict
from model.language import _
from model.records.labs import LabResult
from model.store.rows import from_row

RESULT, SAMPLE, REMOVED = "result", "sample", "removed"


def versions_of_results(line: LabLine, conflict: EditConflict) -> list[Versions]:
    """Return what differs: the result with unit and limits as one, date and time, laboratory."""
    opened, present, wanted = (
        from_row(LabResult, each) for each in (conflict.opened, conflict.present, conflict.wanted)
    )
    if conflict.wanted.get("deleted_at"):
        return [
            Versions(
                names=(REMOVED,),
                label=line.name,
                opened=_result_text(line, opened),
                present=_result_text(line, present),
                wanted=_("Deleted"),
                saved=True,
                typed=True,
            )
        ]
    lines = [
        ((RESULT,), line.name, [_result_text(line, each) for each in (opened, present, wanted)]),
        ((SAMPLE,), _("Sample"), [_sample_text(each) for each in (opened, present, wanted)]),
        (
            ("laboratory",),
            _("Laboratory"),
            [each.laboratory or "" for each in (opened, present, wanted)],
        ),
    ]
    return [
        Versions(
            names=names,
            label=label,
            opened=texts[0],
            present=texts[1],
            wanted=texts[2],
            saved=texts[0] != texts[1],
            typed=texts[0] != texts[2],
        )
        for names, label, texts in lines
        if texts[1] != texts[2]
    ]


def _result_text(line: LabLine, result: LabResult) -> str:
    """Return a result with unit and limits: `12.0 g/dL, LLN 12, ULN 16`."""
    value, unit, lln, uln = replace(line, result=result).texts
    limits = (_("LLN {limit}").format(limit=lln), _("ULN {limit}").format(limit=uln))
    shown = [text for text, limit in zip(limits, (lln, uln), strict=True) if limit]
    return ", ".join((f"{value} {unit}".rstrip(), *shown))


def _sample_text(result: LabResult) -> str:
    """Return day and time of a sample."""
    at = f" {result.taken_at:%H:%M}" if result.taken_at else ""
    return f"{date_text(result.taken_on)}{at}"
