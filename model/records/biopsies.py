"""Biopsies with grade and Ki-67, their order in time, and the sites of metastasis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from model.dates import PartialDate, is_before
from model.errors import InvalidRecord, KnownError
from model.language import _
from model.records import rules
from model.records.life import Life, life_of
from model.records.rules import OfPatient, non_empty, not_listed, outside
from model.reference.proliferation import Ki67, grade_conflict, parse_ki67
from model.reference.vocabulary import Spellings, Vocabulary, fold, respell
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

WHO_GRADES = Vocabulary("NET G1", "NET G2", "NET G3", "NEC")
DIAGNOSIS = "diagnosis"
EVENTS = Vocabulary(
    *(DIAGNOSIS, "rebiopsy", "surgery"),
    synonyms={DIAGNOSIS: ("initial diagnosis", "first diagnosis"), "surgery": ("resection",)},
)
_RANKS = {grade: rank for rank, grade in enumerate(WHO_GRADES, start=1)}
DIFFERENTIATIONS = Vocabulary(
    *("well", "poor"),
    synonyms={
        "well": ("well differentiated",),
        "poor": ("poorly", "poor differentiated", "poorly differentiated"),
    },
)
PRIMARY_SITES = Vocabulary(
    *("pancreas", "small_bowel", "colorectum", "stomach", "duodenum", "appendix", "lung"),
    *("thymus", "paraganglioma", "phaeochromocytoma", "other", "unknown"),
    synonyms={
        "pancreas": ("pancreatic",),
        "small_bowel": ("small intestine",),
        "colorectum": ("colorectal",),
        "stomach": ("gastric",),
        "phaeochromocytoma": ("pheochromocytoma",),
    },
)
"""Sites that are offered; any other is stored as entered."""
METASTASIS_SITES = Vocabulary(
    *("liver", "lymph_node", "bone", "peritoneum", "lung", "pancreas", "ovary", "heart"),
    *("adrenal", "brain", "skin", "other"),
    synonyms={
        "liver": ("hepatic",),
        "lymph_node": ("lymph nodes", "nodal", "node", "nodes"),
        "bone": ("bones", "osseous", "skeletal"),
        "peritoneum": ("peritoneal",),
        "lung": ("lungs", "pulmonary"),
        "ovary": ("ovaries",),
        "adrenal": ("adrenals", "adrenal gland"),
    },
)
BIOPSY_SITES = Vocabulary(
    *dict.fromkeys(
        site for site in (*PRIMARY_SITES, *METASTASIS_SITES) if site not in ("other", "unknown")
    ),
    synonyms={**PRIMARY_SITES.synonyms, **METASTASIS_SITES.synonyms},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Biopsy(OfPatient):
    """One tissue sample: where it was taken, its WHO grade and Ki-67 in percent."""

    TABLE: ClassVar[str] = "biopsy"
    SPELLINGS: ClassVar[Spellings] = {
        "event": EVENTS.spell,
        "site": BIOPSY_SITES.spell,
        "who_grade": WHO_GRADES.spell,
        "differentiation": DIFFERENTIATIONS.spell,
    }

    taken_on: PartialDate | None = None
    event: str | None = None
    site: str | None = None
    who_grade: str | None = None
    differentiation: str | None = None
    ki67_percent: float | None = None
    """The figure for statistics; that of `ki67_written` where that is given."""
    ki67_written: str | None = None
    """Where it is not a plain figure: `<2`, `20-25`."""
    mitoses_per_2mm2: float | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        """Spell the words, and derive the figure from what was written."""
        respell(self, self.SPELLINGS)
        if self.ki67_written is None:
            return
        try:
            reading = parse_ki67(self.ki67_written)
        except KnownError:
            return  # one of the problems
        object.__setattr__(self, "ki67_percent", reading.figure)
        object.__setattr__(self, "ki67_written", reading.written)

    @property
    def ki67(self) -> Ki67 | None:
        """Ki-67 with the figures that it may be; None where there is none, or none can be read."""
        if self.ki67_percent is None:
            return None
        plain = Ki67(self.ki67_percent, self.ki67_percent, self.ki67_percent)
        try:
            return parse_ki67(self.ki67_written) if self.ki67_written else plain
        except KnownError:
            return None

    @property
    def ki67_text(self) -> str:
        """Ki-67 as it was written, without “%”; empty where there is none."""
        figure = "" if self.ki67_percent is None else f"{self.ki67_percent:g}"
        return self.ki67_written or figure

    @property
    def grade_conflict(self) -> str:
        """How the stated grade and the other findings disagree; empty when they do not."""
        return grade_conflict(
            self.who_grade, self.differentiation, self.ki67, self.mitoses_per_2mm2
        )

    def _problem_of_ki67(self) -> str | None:
        try:
            if self.ki67_written is not None:
                parse_ki67(self.ki67_written)
        except KnownError as error:
            return str(error)
        return None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this biopsy may not be saved, by field; empty when it may."""
        return non_empty(
            taken_on=life.problem_of(self.taken_on),
            who_grade=not_listed(
                self.who_grade, WHO_GRADES, _("“{value}” is not a WHO grade. Use one of {listed}.")
            ),
            ki67_percent=outside(
                self.ki67_percent, _("Ki-67 must be between 0 and 100 %."), low=0, high=100
            ),
            ki67_written=self._problem_of_ki67(),
            mitoses_per_2mm2=outside(
                self.mitoses_per_2mm2, _("A mitotic count cannot be negative."), low=0
            ),
        )

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this biopsy, by field."""
        conflict, first = self.grade_conflict, life.first_cycle_on
        return non_empty(
            taken_on=_("The first cycle was given before this diagnosis.")
            if self.event == DIAGNOSIS
            and self.taken_on
            and first
            and self.taken_on.earliest > first
            else None,
            who_grade=f"{conflict}." if conflict else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Metastasis(OfPatient):
    """A site of metastasis and when it was found."""

    TABLE: ClassVar[str] = "metastasis"
    SPELLINGS: ClassVar[Spellings] = {"site": METASTASIS_SITES.spell}

    site: str
    found_on: PartialDate | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this metastasis may not be saved, by field; empty when it may."""
        return non_empty(
            site=None if self.site.strip() else _("A metastasis needs a site."),
            found_on=life.problem_of(self.found_on),
        )


save = rules.save


def save_metastasis(step: Step, metastasis: Metastasis) -> Metastasis:
    """Save a metastasis; raises InvalidRecord when a rule is broken or the site is recorded."""
    problems = metastasis.problems(life_of(step, metastasis.patient_id))
    others = records.of_patient(step, Metastasis, metastasis.patient_id)
    site = fold(metastasis.site)
    if any(fold(other.site) == site and other.id != metastasis.id for other in others):
        problems["site"] = _("This site is already recorded.")
    if problems:
        raise InvalidRecord(problems)
    return records.put(step, metastasis)


def by_patient(reader: Reader) -> dict[int, list[Biopsy]]:
    """Return all biopsies by their patient's id, each patient's in the order of `of_patient`."""
    rows = reader.rows(
        "select * from biopsy where deleted_at is null order by taken_on is null, taken_on, id"
    )
    biopsies: dict[int, list[Biopsy]] = {}
    for row in rows:
        biopsies.setdefault(row["patient_id"], []).append(records.from_row(Biopsy, row))
    return biopsies


# The order in time, and what the latest biopsies show. A biopsy without a date has a place only
# where its event gives one: the diagnosis comes before everything else.


@dataclass(frozen=True, slots=True)
class Moment:
    """The biopsies of one day, or those of the diagnosis, which is one event."""

    biopsies: tuple[Biopsy, ...]

    @property
    def on(self) -> PartialDate | None:
        """The date they share, if recorded."""
        return self.biopsies[0].taken_on

    @property
    def is_diagnosis(self) -> bool:
        """Whether this is the diagnosis."""
        return any(biopsy.event == DIAGNOSIS for biopsy in self.biopsies)

    @property
    def grades(self) -> tuple[str, ...]:
        """The recorded grades, each once, the highest last."""
        grades = {biopsy.who_grade for biopsy in self.biopsies if biopsy.who_grade}
        return tuple(sorted(grades, key=lambda grade: _RANKS.get(grade, 0)))

    @property
    def highest(self) -> str | None:
        """The highest recorded grade, if any."""
        return self.grades[-1] if self.grades else None


def in_order(biopsies: Sequence[Biopsy]) -> list[Biopsy]:
    """Return biopsies in the order in which they were taken, as far as it is known.

    They are sorted by date; the diagnosis precedes those that its date may precede. Without a date
    a diagnosis is first, and others are last in the order given.
    """
    ordered = [each for each in biopsies if each.taken_on is None and each.event == DIAGNOSIS]
    dated = [(each.taken_on, n) for n, each in enumerate(biopsies) if each.taken_on]
    for _day, number in sorted(dated):
        biopsy, at = biopsies[number], len(ordered)
        if biopsy.event == DIAGNOSIS:
            while at and _may_follow(ordered[at - 1], biopsy):
                at -= 1
        ordered.insert(at, biopsy)
    return [
        *ordered,
        *(each for each in biopsies if each.taken_on is None and each.event != DIAGNOSIS),
    ]


def _may_follow(other: Biopsy, diagnosis: Biopsy) -> bool:
    """Return whether another biopsy, not of the diagnosis, may be as late as the diagnosis."""
    if other.event == DIAGNOSIS or other.taken_on is None or diagnosis.taken_on is None:
        return False
    return not is_before(other.taken_on, diagnosis.taken_on)


def moments_of(biopsies: Sequence[Biopsy]) -> list[Moment]:
    """Return the biopsies in order, those of one day or of the diagnosis together."""
    moments: list[list[Biopsy]] = []
    for biopsy in in_order(biopsies):
        if moments and _is_same_moment(moments[-1][0], biopsy):
            moments[-1].append(biopsy)
        else:
            moments.append([biopsy])
    return [Moment(tuple(each)) for each in moments]


def placed_of(moments: Sequence[Moment]) -> list[Moment]:
    """Return the moments with a place in time, by date or event; all of them where none has."""
    return [moment for moment in moments if _has_a_place(moment, moments)] or list(moments)


def latest_grade(biopsies: Sequence[Biopsy]) -> str | None:
    """Return the current WHO grade; None where none is recorded.

    It is that of the latest graded biopsy. Of several on its day, or several that may be the latest
    by their partial dates, the highest counts.
    """
    return Moment(_maybe_last([each for each in biopsies if each.who_grade])).highest


def latest_ki67(biopsies: Sequence[Biopsy]) -> float | None:
    """Return the current Ki-67 in percent, by the rule of `latest_grade`; None without any."""
    latest = with_latest_ki67(biopsies)
    return latest.ki67_percent if latest else None


def with_latest_ki67(biopsies: Sequence[Biopsy]) -> Biopsy | None:
    """Return the biopsy with the current Ki-67, by the rule of `latest_grade`; None without any."""
    last = _maybe_last([each for each in biopsies if each.ki67_percent is not None])
    return max(last, key=lambda each: each.ki67_percent or 0, default=None)


def first_grade(biopsies: Sequence[Biopsy]) -> str | None:
    """Return the WHO grade at diagnosis, otherwise of the first graded biopsy.

    Of several the highest; None where none is recorded.
    """
    moments = placed_of(moments_of([each for each in biopsies if each.who_grade]))
    at_diagnosis = [moment for moment in moments if moment.is_diagnosis]
    return next((moment.highest for moment in (*at_diagnosis, *moments)), None)


def is_graded_at_diagnosis(biopsies: Sequence[Biopsy]) -> bool:
    """Return whether a biopsy of the diagnosis is graded."""
    return any(each.who_grade and each.event == DIAGNOSIS for each in biopsies)


def _maybe_last(biopsies: Sequence[Biopsy]) -> tuple[Biopsy, ...]:
    """Return the biopsies not known to have been taken before another of these."""
    moments = placed_of(moments_of(biopsies))
    last = [one for one in moments if not any(is_earlier(one, other) for other in moments)]
    return tuple(biopsy for moment in last for biopsy in moment.biopsies)


def _is_same_moment(one: Biopsy, other: Biopsy) -> bool:
    if one.taken_on != other.taken_on:
        return False
    both_diagnosis = one.event == other.event == DIAGNOSIS
    return both_diagnosis or (one.taken_on is not None and one.taken_on.day is not None)


def is_earlier(one: Moment, other: Moment) -> bool:
    """Return whether one moment is known to be before another."""
    if is_before(one.on, other.on):
        return True
    if is_before(other.on, one.on):
        return False
    return one.is_diagnosis and not other.is_diagnosis


def _has_a_place(moment: Moment, moments: Sequence[Moment]) -> bool:
    """Return whether a moment is dated, or known to be before or after every other one."""
    if moment.on:
        return True
    others = [other for other in moments if other is not moment]
    return all(is_earlier(moment, other) or is_earlier(other, moment) for other in others)
