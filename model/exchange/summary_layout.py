"""The columns of `summary.csv`."""

from model.exchange.tidy.columns import Column, Kind, Table

SECTIONS = (
    *("cohort", "primary site", "grade", "cycles", "exposure", "acute toxicity"),
    *("long-term toxicity", "all toxicity", "response", "survival"),
)


def _column(name: str, kind: Kind, meaning: str, codes: tuple[str, ...] = ()) -> Column:
    return Column(name=name, kind=kind, meaning=meaning, codes=codes, derived=True)


SUMMARY = Table(
    name="summary",
    meaning="One row a number of the cohort",
    columns=(
        _column("section", Kind.CODE, "Table that the number belongs to", SECTIONS),
        _column("measure", Kind.TEXT, "What is counted or measured; a CTCAE term for toxicity"),
        _column(
            "level",
            Kind.TEXT,
            "Which part of it; for toxicity a grade, grades taken together, or any",
        ),
        _column("n", Kind.INTEGER, "How many; of an estimate, the values that it rests on"),
        _column("of", Kind.INTEGER, "Of how many"),
        _column("percent", Kind.PERCENT, "n of 100 of them"),
        _column("estimate", Kind.ESTIMATE, "Median, minimum, maximum or sum"),
        _column("low", Kind.ESTIMATE, "Lower bound of the 95 % interval, where there is one"),
        _column("high", Kind.ESTIMATE, "Upper bound of the 95 % interval, where there is one"),
        _column("unit", Kind.TEXT, "Unit of what is counted or estimated"),
        _column("definition", Kind.TEXT, "What the number says, in words"),
    ),
)
