from datetime import date

from PySide6.QtCore import QObject

from gui.session.day import DayWatch


def test_another_day_is_told_once(qapp):
    owner, days, told = QObject(), [date(2025, 3, 7)], []
    watch = DayWatch(lambda: days[0], owner)
    watch.changed.connect(lambda: told.append(watch.day))
    watch.look()
    assert told == []
    days[0] = date(2025, 3, 8)
    watch.look()
    watch.look()
    assert told == [date(2025, 3, 8)]
