"""The lanes of a course: therapies and toxicities as bars, cycles and images as marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from model.dates import PartialDate, date_text
from model.language import _
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Treatment
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.reference.activities import activity_text

_ABBREVIATIONS = {"ssa": "SSA", "prrt": "PRRT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A therapy or a toxicity from its start to its end, as far as they are known."""

    name: str
    began: PartialDate | None
    ended: PartialDate | None
    """The last contact while it is ongoing; None when the end is not known."""
    ongoing: bool = False
    grade: int | None = None
    detail: str = ""

    @property
    def label(self) -> str:
        """The text in the bar: the name, and the grade if there is one."""
        return self.name if self.grade is None else f"{self.name} {self.grade}"

    @property
    def when(self) -> str:
        """Start and end in words: `Mar 2021 – ongoing`."""
        if self.began and self.began == self.ended and not self.ongoing:
            return date_text(self.began)
        start = date_text(self.began) if self.began else _("start not known")
        end = date_text(self.ended) if self.ended else _("end not known")
        return f"{start} – {_('ongoing') if self.ongoing else end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleMark:
    """A cycle on the axis: its number, its day, and the nuclides given in it (`225Ac`)."""

    number: int
    on: date
    nuclides: tuple[str, ...]
    activity: str
    unknown: tuple[str, ...] = ()
    """The nuclides whose activity is not known."""

    @property
    def label(self) -> str:
        """`C1 · 6 MBq + 7.4 GBq`."""
        return f"C{self.number} · {self.activity}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMark:
    """An assessment on the axis, labelled by its response or else its time point."""

    on: date
    response: str | None
    label: str
    detail: str


def therapy_bar(therapy: Therapy, last_contact: date | None) -> Bar:
    """Return the bar of a dated therapy; an ongoing one extends to the last contact."""
    began = therapy.started_on
    ended = therapy.ended_on
    if therapy.ongoing and (last_contact or began):
        ended = _not_before(last_contact, began)
    detail = [response_text(therapy.best_response), stopped_text(therapy.reason_stopped)]
    return Bar(
        name=therapy_name(therapy),
        began=began,
        ended=ended,
        ongoing=therapy.ongoing,
        detail=", ".join(filter(None, detail)),
    )


def toxicity_bar(event: Toxicity, last_contact: date | None) -> Bar:
    """Return the bar of a dated toxicity; an ongoing one extends to the last contact."""
    began, ongoing = event.onset_on, event.is_ongoing
    ended = PartialDate.of(event.resolved_on) if event.resolved_on else None
    return Bar(
        name=event.label,
        began=began,
        ended=_not_before(last_contact, began) if ongoing else ended,
        ongoing=ongoing,
        grade=event.grade,
        detail=", ".join(
            text.replace("_", " ")
            for text in (f"CTCAE {event.ctcae_version}", event.attribution, event.outcome)
            if text
        ),
    )


def _not_before(day: date | None, began: PartialDate | None) -> PartialDate | None:
    """Return the last contact as the end of a bar, or its start if that is later."""
    days = [day] if day else []
    days += [began.latest] if began else []
    return PartialDate.of(max(days)) if days else None


def response_text(response: str | None) -> str:
    """Return the best response of a therapy in words; empty for none."""
    return _("best response {response}").format(response=response) if response else ""


def stopped_text(reason: str | None) -> str:
    """Return why a therapy was stopped in words; empty for no reason."""
    return _("stopped: {reason}").format(reason=reason) if reason else ""


def therapy_name(therapy: Therapy) -> str:
    """Return the name of a therapy: its description, or else its category."""
    category = _ABBREVIATIONS.get(therapy.category, therapy.category.replace("_", " "))
    return therapy.description or category[:1].upper() + category[1:]


def cycle_mark(treatment: Treatment) -> CycleMark:
    """Return a cycle as a mark, with the nuclides in the order given."""
    administrations = treatment.administrations
    return CycleMark(
        number=treatment.cycle.number,
        on=treatment.cycle.given_on,
        nuclides=tuple(administration.nuclide for administration in administrations),
        activity=_activity(administrations),
        unknown=tuple(
            administration.nuclide
            for administration in administrations
            if administration.activity_mbq is None
        ),
    )


def _activity(administrations: Sequence[Administration]) -> str:
    """Write the activities of a cycle one by one, as those of different nuclides are not added."""
    if all(administration.activity_mbq is None for administration in administrations):
        return _("activity unknown")
    return " + ".join(
        _("{nuclide} unknown").format(nuclide=administration.nuclide)
        if administration.activity_mbq is None
        else activity_text(administration.activity_mbq, administration.unit)
        for administration in administrations
    )


def image_mark(assessment: Assessment) -> ImageMark:
    """Return an assessment as a mark, labelled by its response or else its time point."""
    timepoint = (assessment.timepoint or "").replace("_", " ")
    label = assessment.response or timepoint or _("no response stated")
    facts = (assessment.modality, timepoint, assessment.criteria, assessment.comment)
    return ImageMark(
        on=assessment.assessed_on,
        response=assessment.response,
        label=label,
        detail=", ".join(fact for fact in facts if fact and fact != label),
    )


def covered_days(bar: Bar) -> tuple[date, date]:
    """Return the first and the last day that a bar may cover."""
    known = [day for day in (bar.began, bar.ended) if day]
    return min(day.earliest for day in known), max(day.latest for day in known)
