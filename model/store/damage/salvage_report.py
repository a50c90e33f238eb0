"""What a salvage tells: what could not be read, and what stands in its place."""

from model.language import _, ngettext
from model.store.damage.salvage import Salvage

_SMALLEST_ID, _GREATEST_ID = -(2**63), 2**63 - 1


def sentences(salvaged: Salvage) -> list[str]:
    """Return a sentence for each thing that a salvaged casebook lacks or has from elsewhere."""
    return [
        *([_patched(salvaged)] if salvaged.patched_from else []),
        *(_unreadable(salvaged, table) for table in salvaged.unreadable),
        *(_refused(table, count) for table, count in salvaged.refused.items()),
        *([_placeholders(salvaged.placeholders)] if salvaged.placeholders else []),
        *([] if salvaged.journal_is_whole else [_journal()]),
    ]


def _patched(salvaged: Salvage) -> str:
    return _(
        "The start of the file cannot be read. It was taken from the backup “{name}”: compare"
        " recent records with their source."
    ).format(name=salvaged.patched_from)


def _unreadable(salvaged: Salvage, table: str) -> str:
    stretches = ", ".join(
        f"{_('first') if first == _SMALLEST_ID else first}–"
        f"{_('last') if last == _GREATEST_ID else last}"
        for first, last in salvaged.unreadable[table]
    )
    restored = salvaged.from_journal.get(table, 0)
    text = ngettext(
        "Parts of the table “{table}” cannot be read; {n} row was restored from the journal."
        " Unreadable ids: {stretches}.",
        "Parts of the table “{table}” cannot be read; {n} rows were restored from the journal."
        " Unreadable ids: {stretches}.",
        restored,
    )
    return text.format(table=table, n=restored, stretches=stretches)


def _refused(table: str, count: int) -> str:
    text = ngettext(
        "{n} row of the table “{table}” was left out, because it breaks a rule of the table.",
        "{n} rows of the table “{table}” were left out, because they break a rule of the table.",
        count,
    )
    return text.format(table=table, n=count)


def _placeholders(count: int) -> str:
    text = ngettext(
        "The row of {n} patient is lost. Its other records are kept under the code “unreadable …”.",
        "The rows of {n} patients are lost. Their other records are kept under codes “unreadable"
        " …”.",
        count,
    )
    return text.format(n=count)


def _journal() -> str:
    return _("The journal has lost entries. It goes on from the last one that is whole.")
