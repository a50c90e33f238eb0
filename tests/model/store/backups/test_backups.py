"""A backup is sound, stands beside the casebook, and never takes another file's place."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import DamagedCasebook, HeldElsewhere, KnownError
from model.records import patients
from model.records.patients import Patient
from model.store import examine, holder
from model.store.backups import files, restoring, thinning, writing
from model.store.casebook import Casebook

AT = datetime(2024, 3, 7, 9, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
def test_a_backup_includes_what_is_still_in_the_log(tmp_path: Path, passphrase: str | None) -> None:
    with Casebook.create(tmp_path / "mine.theralog", passphrase) as casebook:
        with casebook.step("Add patient") as step:
            patients.save(step, Patient(code="P-1"))
        path = writing.backup(casebook, at=AT)
        last = casebook.rows("select action, after from journal order by seq desc limit 1")[0]
    assert path == tmp_path / "mine 2024-03-07 09-30-15.theralog"
    assert (last["action"], path.name in last["after"]) == ("Backup", True)
    with Casebook.open(path, passphrase) as copy:
        assert [patient.code for patient in patients.all_patients(copy)] == ["P-1"]


def test_a_backup_does_not_overwrite_another_file(casebook: Casebook, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(KnownError, match="already"):
        writing.backup(casebook, tmp_path / "there", at=AT)
    assert (tmp_path / "there").read_text() == "mine"


def test_a_folder_that_cannot_be_written_to_is_reported(casebook: Casebook, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be written"):
        writing.backup(casebook, tmp_path / "nowhere" / "copy.theralog", at=AT)


def test_a_damaged_copy_is_not_a_backup(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DamagedCasebook("It is damaged.")

    monkeypatch.setattr(examine, "inspect", refuse)
    with pytest.raises(DamagedCasebook):
        writing.backup(casebook, tmp_path / "copy.theralog", at=AT)
    of_open_casebook = {"test.theralog", "test.theralog-wal", "test.theralog-shm"}
    of_holder = {"test.theralog-lock", "test.theralog-open"}
    assert {entry.name for entry in tmp_path.iterdir()} <= of_open_casebook | of_holder


def _add(casebook: Casebook, code: str) -> None:
    with casebook.step("Add patient") as step:
        patients.save(step, Patient(code=code))


def _codes(path: Path, passphrase: str | None = None) -> list[str]:
    with Casebook.open(path, passphrase) as casebook:
        return [patient.code for patient in patients.all_patients(casebook)]


def test_an_automatic_backup_is_written_only_after_a_change(
    casebook: Casebook, tmp_path: Path
) -> None:
    assert writing.back_up_changes(casebook, at=AT) is None
    _add(casebook, "P-1")
    second = tmp_path / "stick"
    path = writing.back_up_changes(casebook, at=AT, second_folder=second)
    assert path == tmp_path / "test backups" / "test 2024-03-07 09-30-15.theralog"
    assert _codes(path) == _codes(second / path.name) == ["P-1"]
    assert writing.back_up_changes(casebook, at=AT, second_folder=second) is None
    casebook.log("Export folder", {"file": "x"})
    assert writing.back_up_changes(casebook, at=AT) is None
    _add(casebook, "P-2")
    later = writing.back_up_changes(casebook, at=AT)
    assert later is not None
    assert later != path


def test_a_backup_that_was_lost_is_written_again(casebook: Casebook) -> None:
    _add(casebook, "P-1")
    path = writing.back_up_changes(casebook, at=AT)
    assert path is not None
    path.unlink()
    assert writing.back_up_changes(casebook, at=AT) == path


def test_automatic_backups_are_thinned_and_others_are_left_alone(
    casebook: Casebook, tmp_path: Path
) -> None:
    by_hand = writing.backup(casebook, at=AT - timedelta(days=900))
    for hours in range(0, 240, 12):
        _add(casebook, f"P-{hours}")
        writing.back_up_changes(casebook, at=AT + timedelta(hours=hours))
    folder = files.folder_of(casebook.path)
    (folder / "letter.txt").write_text("mine")
    _add(casebook, "P-last")
    writing.back_up_changes(casebook, at=AT + timedelta(hours=240))
    times = {AT + timedelta(hours=hours) for hours in range(0, 241, 12)}
    expected = {f"test {at:%Y-%m-%d %H-%M-%S}.theralog" for at in thinning.kept(times)}
    assert {each.name for each in folder.iterdir()} == {*expected, "letter.txt"}
    assert by_hand.exists()
    assert files.all_backups(casebook.path)[0].at == (AT + timedelta(hours=240)).replace(
        tzinfo=None
    )
    assert files.all_backups(casebook.path)[-1].path == by_hand


@given(st.sets(st.datetimes(datetime(2024, 1, 1), datetime(2024, 6, 1)), max_size=60))
def test_thinning_keeps_the_recent_and_one_for_each_day_and_week(times: set[datetime]) -> None:
    kept = thinning.kept(times)
    assert kept <= times
    assert set(sorted(times)[-10:]) <= kept
    assert len(kept) <= 10 + 7 + 4
    assert len({time.date() for time in kept}) >= min(7, len({time.date() for time in times}))
    weeks = {time.isocalendar()[:2] for time in times}
    assert len({time.isocalendar()[:2] for time in kept}) >= min(4, len(weeks))
    assert thinning.kept(kept) == kept


def test_thirty_backups_a_day_for_sixty_days_leave_eighteen() -> None:
    """Ten recent of the last day, six days before it, and two Sundays before those."""
    first = datetime(2024, 4, 1, 8)  # a Monday
    times = [first + timedelta(days=day, minutes=20 * n) for day in range(60) for n in range(30)]
    kept = thinning.kept(times)
    assert len(kept) == 10 + 6 + 2
    assert max(kept) == max(times)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "just now"), (1, "1 min ago"), (59, "59 min ago"), (60, "1 h ago"), (2879, "47 h ago")],
)
def test_the_age_of_a_backup_is_told_in_the_largest_unit(minutes: int, text: str) -> None:
    at = datetime(2024, 3, 7, 9, 30)
    assert files.age_text(files.Backup(Path("x"), at), at + timedelta(minutes=minutes)) == text


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
def test_a_restored_casebook_is_the_backup_and_what_it_replaced_is_kept(
    tmp_path: Path, passphrase: str | None
) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path, passphrase) as casebook:
        _add(casebook, "P-1")
        copy = writing.backup(casebook, at=AT)
        _add(casebook, "P-2")
    replaced = restoring.restore(path, copy, passphrase, at=AT)
    assert replaced == tmp_path / "mine before restore 2024-03-07 09-30-15.theralog"
    assert _codes(path, passphrase) == ["P-1"]
    assert _codes(replaced, passphrase) == ["P-1", "P-2"]
    with Casebook.open(path, passphrase) as casebook:
        (entry,) = casebook.rows("select after from journal where action = 'Restore'")
    assert copy.name in entry["after"]
    assert copy.exists()
    assert [each.path for each in files.all_backups(path)] == [copy]


def test_the_log_of_a_crash_goes_with_the_file_that_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        copy = writing.backup(casebook, at=AT)
        _add(casebook, "P-1")
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for suffix in ("", "-wal", "-shm"):
            content = path.with_name(path.name + suffix).read_bytes()
            (crashed / f"mine.theralog{suffix}").write_bytes(content)
    replaced = restoring.restore(crashed / "mine.theralog", copy, None, at=AT)
    assert replaced is not None
    assert _codes(crashed / "mine.theralog") == []
    assert _codes(replaced) == ["P-1"]


def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        _add(casebook, "P-1")
        copy = writing.backup(casebook, at=AT)
    content = bytearray(copy.read_bytes())
    content[8192:12288] = bytes(4096)
    copy.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(DamagedCasebook):
        restoring.restore(path, copy, None, at=AT)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


def test_a_casebook_that_is_gone_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        _add(casebook, "P-1")
        copy = writing.backup(casebook, at=AT)
    path.unlink()
    assert restoring.restore(path, copy, None, at=AT) is None
    assert _codes(path) == ["P-1"]


def test_a_casebook_that_is_open_elsewhere_is_not_restored(
    casebook: Casebook, tmp_path: Path
) -> None:
    path = writing.back_up_now(casebook, at=AT)
    with pytest.raises(HeldElsewhere):
        restoring.restore(casebook.path, path, None, at=AT)
    assert not list(tmp_path.glob("*before restore*"))


def test_a_restored_casebook_misses_nothing_that_a_crash_had_noted(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        copy = writing.back_up_now(casebook, at=AT)
        _add(casebook, "P-1")
        noted = holder.info_path(path).read_bytes()
    holder.info_path(path).write_bytes(noted)
    restoring.restore(path, copy, None, at=AT)
    with Casebook.open(path) as casebook:
        assert casebook.missing is None
        assert not casebook.ended_badly
        actions = {row["action"] for row in casebook.rows("select action from journal")}
        assert actions == {"Restore"}


def test_the_file_of_an_earlier_restore_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    with Casebook.create(path) as casebook:
        copy = writing.back_up_now(casebook, at=AT)
    first = restoring.restore(path, copy, None, at=AT)
    second = restoring.restore(path, copy, None, at=AT)
    assert first
    assert second
    assert first != second
    assert first.exists()


def test_the_casebook_of_a_backup_is_known_by_its_name_and_folder(tmp_path: Path) -> None:
    path = tmp_path / "mine.theralog"
    assert files.casebook_of(files.named(path, files.folder_of(path), AT)) == path
    assert files.casebook_of(path) == path


def test_a_folder_that_fails_does_not_keep_the_other_from_being_written(
    casebook: Casebook, tmp_path: Path
) -> None:
    _add(casebook, "P-1")
    (tmp_path / "test backups").write_text("not a folder")
    stick = tmp_path / "stick"
    with pytest.raises(KnownError, match="test backups"):
        writing.back_up_changes(casebook, at=AT, second_folder=stick)
    assert len(files.in_folder(casebook.path, stick)) == 1
    (tmp_path / "test backups").unlink()
    later = AT + timedelta(hours=1)
    path = writing.back_up_changes(casebook, at=later, second_folder=stick)
    assert path is not None
    assert path.parent.name == "test backups"
    assert len(files.in_folder(casebook.path, stick)) == 1


def test_a_second_folder_keeps_the_backups_of_another_casebook_of_the_same_name(
    casebook: Casebook, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    others = [
        files.named(casebook.path, stick, AT - timedelta(minutes=minutes))
        for minutes in range(1, 31)
    ]
    for each in others:
        each.write_bytes(b"")
    for hours in range(20):
        writing.back_up_now(casebook, at=AT + timedelta(minutes=hours), second_folder=stick)
    assert all(each.exists() for each in others)
    assert len(files.in_folder(casebook.path, stick)) == len(others) + thinning.RECENT
