"""The journal's chain, its anchors and content that was withheld from it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from model.store import journal
from model.store.casebook import Casebook

_TRIGGERS = ("journal_keeps_entries", "journal_loses_nothing")


def _three_patients(casebook: Casebook) -> None:
    for code in ("P-1", "P-2", "P-3"):
        with casebook.step("Add patient", reason="told by phone") as step:
            step.put("patient", {"code": code})


def _past_the_program(casebook: Casebook, sql: str) -> None:
    for trigger in _TRIGGERS:
        casebook._db.execute(f"drop trigger if exists {trigger}")
    casebook._db.execute(sql)


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("update journal set user = 'someone else' where seq = 2", 2),
        ("update journal set after = '{}' where seq = 2", 2),
        ("update journal set reason = null where seq = 3", 3),
        ("update journal set before = null, after = null, reason = null where seq = 1", 1),
        ("update journal set digest = hash where seq = 2", 2),
        ("update journal set salt = null where seq = 2", 2),
        ("delete from journal where seq = 2", 2),
        ("delete from journal where seq = 1", 1),
        ("update journal set seq = 9 where seq = 3", 3),
        ("delete from journal_key", 1),
    ],
)
def test_whatever_is_changed_past_the_program_breaks_the_chain(
    casebook: Casebook, sql: str, broken: int
) -> None:
    _three_patients(casebook)
    assert journal.first_broken_link(casebook) is None
    _past_the_program(casebook, sql)
    assert journal.first_broken_link(casebook) == broken


def test_a_chain_made_anew_without_the_key_is_found(casebook: Casebook) -> None:
    _three_patients(casebook)
    casebook._db.execute("drop trigger journal_keeps_entries")
    previous = journal.FIRST_HASH
    for entry in list(journal.each_entry(casebook)):
        digest = entry.content_digest()
        previous = journal.chained(previous, digest, b"another key")
        casebook._db.execute(
            "update journal set hash = :hash where seq = :seq", {"hash": previous, "seq": entry.seq}
        )
    assert journal.first_broken_link(casebook) == 1


def test_content_can_be_withheld_as_a_whole_without_breaking_the_chain(casebook: Casebook) -> None:
    _three_patients(casebook)
    casebook._db.execute(
        "update journal set withheld = 1, salt = null, before = null, after = null, reason = null"
        " where seq = 2"
    )
    assert journal.first_broken_link(casebook) is None
    for sql in (
        "update journal set withheld = 1 where seq = 3",
        "update journal set withheld = 0 where seq = 2",
        "update journal set withheld = 1, salt = null, before = null, after = null, reason = null,"
        " user = 'x' where seq = 3",
    ):
        with pytest.raises(Exception, match="only ever added to"):
            casebook._db.execute(sql)


def test_equal_content_has_different_digests(casebook: Casebook) -> None:
    """A digest without a salt would tell whoever guesses a name that the guess is right."""
    with casebook.step("Add patient") as step:
        step.put("patient", {"code": "P-1"})
    (entry,) = journal.each_entry(casebook)
    other = journal.Entry(
        **{name: getattr(entry, name) for name in journal._CONTENT}, salt="0" * 32
    )
    assert entry.content_digest() == entry.digest
    assert other.content_digest() != entry.digest


_LATER: dict[str, Callable[[Casebook], None]] = {
    "cut off": lambda casebook: _past_the_program(casebook, "delete from journal where seq = 3"),
    "another hash": lambda casebook: _past_the_program(
        casebook, "update journal set hash = digest where seq = 3"
    ),
}


@pytest.mark.parametrize("way", _LATER)
def test_an_anchor_tells_a_journal_that_was_cut_off_or_made_anew(
    casebook: Casebook, way: str
) -> None:
    assert not journal.contradicts(casebook, journal.anchor(casebook))
    _three_patients(casebook)
    known = journal.anchor(casebook)
    assert known.seq == 3
    _three = casebook.rows("select substr(at, 1, 10) as day from journal where seq = 3")
    assert known.day == _three[0]["day"]
    with casebook.step("Add note") as step:
        step.put("patient", {"code": "P-4"})
    assert not journal.contradicts(casebook, known)
    _LATER[way](casebook)
    assert journal.contradicts(casebook, known)


def test_the_user_is_the_one_of_the_system_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "prof. else")
    with Casebook.create(tmp_path / "c.theralog") as casebook:
        with casebook.step("Add patient") as step:
            step.put("patient", {"code": "P-1"})
        (row,) = casebook.rows("select user from journal")
    assert row["user"] not in ("", "prof. else")
