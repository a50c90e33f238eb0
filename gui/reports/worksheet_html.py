"""The worksheet of a cycle as HTML: planned values, boxes to write in, decay and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from gui.administered import deviation_text, half_life
from gui.style.theme import LIGHT
from gui.words import number_text, sum_text, words
from model.dates import date_text, weekday_date_text
from model.documents.worksheet import Decay, Worksheet, WorksheetPart
from model.language import _
from model.records.administrations import Administration
from model.reference.activities import activity_text, from_mbq
from model.rounding import figures

_BOX = (
    f'border="1" cellspacing="0" bordercolor="{LIGHT.ink_soft}"'
    f' style="border-style: solid; border-color: {LIGHT.ink_soft}; border-collapse: collapse"'
)
_SHADED = f'bgcolor="{LIGHT.paper}"'
_BLANK = "&nbsp;"
_HEAD = 'style="font-size: 10pt; margin-top: 9px; margin-bottom: 3px"'
"""Margins are small, so that a tandem cycle fits on one page of A4 or Letter."""


def worksheet_html(sheet: Worksheet, *, named: bool) -> str:
    """Return the worksheet as HTML; `named` adds name, date of birth and record number."""
    parts = "".join(map(_part_html, sheet.parts)) or f"<p>{_('No administration is planned.')}</p>"
    return f"{_patient_html(sheet, named)}{parts}{_signatures()}"


def worksheet_title(sheet: Worksheet) -> str:
    """Return study code and cycle, the title of each page and the name of the file."""
    return _("Worksheet · {code} · cycle {number}").format(
        code=sheet.profile.patient.code, number=sheet.cycle.number
    )


def _patient_html(sheet: Worksheet, named: bool) -> str:
    """Return the facts that identify the patient, and the boxes to check them."""
    profile, cycle, identity = sheet.profile, sheet.cycle, sheet.profile.identity
    born = identity.born_on if identity and named else None
    number = identity.record_number if identity and named else None
    age = profile.age.long_text
    last = sheet.last
    since = (
        _("C{number}, {date} ({days} d)").format(
            number=last.number, date=date_text(last.given_on), days=sheet.days_since_last
        )
        if last
        else _("none, this is the first")
    )
    site = words(profile.patient.primary_site)
    facts = (
        (_("Study code"), f'<span style="font-size: 13pt">{escape(profile.patient.code)}</span>'),
        (_("Cycle"), f'<span style="font-size: 13pt">{cycle.number}</span>'),
        (_("Name"), (escape(profile.name) or _BLANK) if named else _("not shown")),
        (_("Date"), weekday_date_text(cycle.given_on)),
        (_("Born"), date_text(born) if born else _BLANK),
        (_("Weight"), f"{cycle.weight_kg:g} kg" if cycle.weight_kg else _BLANK),
        (_("Record number"), escape(number or "") or _BLANK),
        (_("ECOG"), number_text(cycle.ecog) or _BLANK),
        (_("Sex, age"), escape(", ".join(filter(None, (profile.patient.sex, age)))) or _BLANK),
        (_("Last cycle"), escape(since)),
        (_("Disease"), escape(", ".join(filter(None, (site, profile.grade)))) or _BLANK),
        (_("Given before"), escape(", ".join(map(sum_text, sheet.given_before)) or "–")),
    )
    check = _check_row(
        (_("Identity checked against"), 26),
        *((text, 20) for text in (_("name"), _("date of birth"), _("wristband"))),
    )
    return f"{_table(facts, padding=2)}<p></p>{check}"


def _table(facts: Sequence[tuple[str, str]], padding: int) -> str:
    """Return a table with two facts and their labels per row."""
    rows = "".join(
        f"<tr>{_fact(*left, 33)}{_fact(*right, 31)}</tr>"
        for left, right in zip(facts[::2], facts[1::2], strict=True)
    )
    return f'<table width="100%" cellpadding="{padding}" {_BOX}>{rows}</table>'


def _fact(label: str, value: str, width: int) -> str:
    head = f'<td width="18%" {_SHADED} class="soft">{label}</td>'
    return f'{head}<td width="{width}%"><b>{value}</b></td>'


def _part_html(part: WorksheetPart) -> str:
    administration = part.administration
    head = f"<h2 {_HEAD}>{administration.number} · {escape(administration.agent)}</h2>"
    return (
        f"{head}{_planned(part)}{_boxes(administration)}{_decay(part.decay, administration.unit)}"
    )


def _planned(part: WorksheetPart) -> str:
    administration = part.administration
    prescribed = _activity(administration.prescribed_mbq, administration.unit)
    if part.allowed_mbq:
        low, high = (from_mbq(each, administration.unit) for each in part.allowed_mbq)
        within = _("(within 10 %: {low}–{high})").format(low=figures(low, 4), high=figures(high, 4))
        prescribed += f" <span class='soft'>{within}</span>"
    calibrated = _activity(administration.calibrated_mbq, administration.unit)
    if administration.calibrated_at:
        calibrated = _("{activity} at {time}").format(
            activity=calibrated, time=_time_text(administration.calibrated_at)
        )
    cells = (
        (_("Prescribed"), prescribed),
        (_("Calibrated"), calibrated),
        (_("Route"), escape(administration.route or "") or _BLANK),
        (_("Batch"), escape(administration.batch_number or "") or _BLANK),
    )
    return _table(cells, padding=3)


def _boxes(administration: Administration) -> str:
    """Return the boxes to fill in by hand, in which recorded values are printed."""
    head = "".join(
        f'<td width="{width}%" {_SHADED} class="soft">{text}</td>'
        for text, width in (
            ("", 26),
            (_("Activity, {unit}").format(unit=administration.unit), 22),
            (_("Date and time"), 26),
            (_("By"), 26),
        )
    )
    lines = (
        (_("Measured"), administration.measured_mbq, administration.measured_at, True),
        (_("Start of administration"), None, administration.started_at, False),
        (_("End of administration"), None, administration.ended_at, False),
        (_("Residual"), administration.residual_mbq, administration.residual_at, True),
    )
    rows = "".join(
        f"<tr><td>{label}</td>"
        f"<td{'' if has_activity else ' ' + _SHADED}>"
        f"{_recorded_activity(mbq, administration.unit)}</td>"
        f"<td>{_time_text(when) if when else _BLANK}</td><td>{_BLANK}</td></tr>"
        for label, mbq, when, has_activity in lines
    )
    mbq = administration.activity_mbq
    outcome = activity_text(mbq, administration.unit, digits=4) if mbq is not None else ""
    flag = (
        f' <span class="alert">{deviation_text(administration)}</span>'
        if administration.deviates
        else ""
    )
    method = _("(measured − residual), each decayed to the start")
    last = (
        f"<tr><td><b>{_('Administered')}</b></td><td colspan='3'><b>{outcome}</b>{flag}"
        f" <span class='soft'>{method}</span></td></tr>"
    )
    return f'<p></p><table width="100%" cellpadding="5" {_BOX}><tr>{head}</tr>{rows}{last}</table>'


def _decay(decay: Decay | None, unit: str) -> str:
    if decay is None:
        missing = _("Decay is not calculated: activity or half-life is missing.")
        return f'<p class="soft">{missing}</p>'
    amount = activity_text(decay.mbq, unit, digits=4)
    if decay.at is not None:
        basis = _("Calibrated {activity} at {time}").format(
            activity=amount, time=_time_text(decay.at)
        )
    else:
        basis = _("Prescribed {activity}: decayed before and after the start").format(
            activity=amount
        )
    unit_text = _("in {unit}").format(unit=unit)
    width = 100 / len(decay.steps)
    heads = "".join(
        f'<td width="{width:.2f}%" align="center" {_SHADED} class="soft">{_step(step)}</td>'
        for step, _mbq in decay.steps
    )
    amounts = (from_mbq(mbq, unit) for _when, mbq in decay.steps)
    cells = "".join(f'<td align="center">{figures(amount, 4)}</td>' for amount in amounts)
    return (
        f'<p style="margin-top: 6px; margin-bottom: 2px">{basis}; {half_life(decay.nuclide)};'
        f" {unit_text}</p>"
        f'<table width="100%" cellpadding="2" {_BOX} style="font-size: 8pt">'
        f"<tr>{heads}</tr><tr>{cells}</tr></table>"
    )


def _step(step: datetime | int) -> str:
    """Return a time of day, or the time before or after the start: `−2 h`, `start`, `+10 min`."""
    if isinstance(step, datetime):
        return f"{step:%H:%M}"
    if step == 0:
        return _("start")
    sign = "+" if step > 0 else "−"
    return f"{sign}{abs(step) // 60} h" if step % 60 == 0 else f"{sign}{abs(step)} min"


def _signatures() -> str:
    names = (_("Prescribed by"), _("Prepared and measured by"), _("Administered by"))
    cells = "".join(
        f'<td width="33.33%"><span class="soft">{name}</span><br>{_BLANK}<br>{_BLANK}</td>'
        for name in names
    )
    title = _("Name, date, signature")
    table = f'<table width="100%" cellpadding="4" {_BOX}><tr>{cells}</tr></table>'
    return f"<h2 {_HEAD}>{title}</h2>{table}"


def _check_row(first: tuple[str, int], *rest: tuple[str, int]) -> str:
    cells = "".join(
        f'<td width="5%">{_BLANK}</td><td width="{width}%" {_SHADED}>{text}</td>'
        for text, width in rest
    )
    return (
        f'<table width="100%" cellpadding="3" {_BOX}><tr>'
        f'<td width="{first[1]}%" {_SHADED} class="soft">{first[0]}</td>{cells}</tr></table>'
    )


def _activity(mbq: float | None, unit: str) -> str:
    return _BLANK if mbq is None else activity_text(mbq, unit, digits=4)


def _recorded_activity(mbq: float | None, unit: str) -> str:
    return _BLANK if mbq is None else f"<b>{figures(from_mbq(mbq, unit), 6)}</b>"


def _time_text(when: datetime) -> str:
    return f"{date_text(when.date())} {when:%H:%M}"
