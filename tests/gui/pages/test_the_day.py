"""The day of the window: the calendar's, and in a demo the data cut-off."""

from datetime import date

import pytest

from gui.session.session import Session
from gui.window.status_line import StatusLine
from model.store.settings import DATA_CUTOFF, SYNTHETIC, save_setting


@pytest.fixture
def demo(session: Session) -> Session:
    """A session of invented patients, counted up to a day."""

    def invent(step):
        save_setting(step, SYNTHETIC, "yes")
        save_setting(step, DATA_CUTOFF, "2026-01-15")

    session.do("Invent", invent)
    return session


def test_a_casebook_of_real_patients_goes_with_the_calendar(session: Session, shown) -> None:
    session.do("Cut", lambda step: save_setting(step, DATA_CUTOFF, "2020-01-15"))
    session.clock = lambda: date(2031, 5, 6)
    assert session.today() == date(2031, 5, 6)
    line = shown(StatusLine())
    line.show_casebook(session.casebook)
    assert not line._day.isVisible()


def test_the_clock_of_a_demo_stands_at_its_cut_off(demo: Session, shown) -> None:
    assert demo.today() == date(2026, 1, 15)
    line = shown(StatusLine())
    line.show_casebook(demo.casebook)
    assert (line._day.isVisible(), line._day.text()) == (True, "The demo's day: 15 Jan 2026")
    demo.do("Cut", lambda step: save_setting(step, DATA_CUTOFF, "2026-01-31"))
    assert demo.today() == date(2026, 1, 31)
