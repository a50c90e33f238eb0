"""Which automatic backups are kept: 10 recent, one a day for 7 days, one a week for 4 weeks."""

from collections.abc import Callable, Iterable
from datetime import datetime

RECENT, DAILY, WEEKLY = 10, 7, 4


def kept(times: Iterable[datetime]) -> set[datetime]:
    """Return which backups are kept, given the times of all.

    Kept are the newest `RECENT`, the newest of each of the last `DAILY` days and the newest of each
    of the last `WEEKLY` calendar weeks (ISO 8601), where days and weeks without a backup do not
    count: after a holiday as many are kept as before it.
    """
    newest_first = sorted(set(times), reverse=True)
    return {
        *newest_first[:RECENT],
        *_newest_of_each(newest_first, datetime.date, DAILY),
        *_newest_of_each(newest_first, lambda time: time.isocalendar()[:2], WEEKLY),
    }


def _newest_of_each(
    newest_first: list[datetime], period: Callable[[datetime], object], periods: int
) -> list[datetime]:
    newest: dict[object, datetime] = {}
    for time in newest_first:
        newest.setdefault(period(time), time)
    return list(newest.values())[:periods]
