"""The columns that several tables of a tidy folder share."""

from model.exchange.tidy.columns import Column, Kind

TEXT, CODE, ANALYTE = Kind.TEXT, Kind.CODE, Kind.ANALYTE
INTEGER, NUMBER, AS_WRITTEN, RESULT = Kind.INTEGER, Kind.NUMBER, Kind.AS_WRITTEN, Kind.RESULT
ACTIVITY, YES_NO = Kind.ACTIVITY, Kind.YES_NO
DATE, PARTIAL_DATE, TIME, DATE_TIME = Kind.DATE, Kind.PARTIAL_DATE, Kind.TIME, Kind.DATE_TIME


def column(
    name: str,
    kind: Kind,
    field: str | None,
    meaning: str,
    *,
    unit: str = "",
    codes: tuple[str, ...] = (),
    filled: bool = False,
    derived: bool = False,
    added: bool = False,
) -> Column:
    """A column in one line; see `Column` for what its parts say."""
    return Column(
        name=name,
        kind=kind,
        field=field,
        meaning=meaning,
        unit=unit,
        codes=codes,
        filled=filled,
        derived=derived,
        added=added,
    )


PATIENT = column("patient_id", TEXT, None, "Study code of the patient", filled=True)
COMMENT = column("comment", TEXT, "comment", "Comment in free text", added=True)
ECOG = column("ecog", INTEGER, "ecog", "ECOG performance status, 0 to 5", added=True)
WEIGHT = column("weight_kg", NUMBER, "weight_kg", "Body weight", unit="kg", added=True)
