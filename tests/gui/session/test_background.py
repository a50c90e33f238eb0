import threading
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QThread

from gui.session.background import Background


@pytest.fixture
def owner(qapp):
    return QObject()


def test_work_runs_elsewhere_and_its_answer_comes_back_here(background, owner, qtbot, qapp):
    where = []

    def work(job):
        where.append(threading.current_thread())
        return 42

    answers = []

    def then(value):
        answers.append((value, QThread.currentThread() is qapp.thread()))

    background.run(owner, work, then)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [(42, True)]
    assert where[0] is not threading.main_thread()
    assert not background.busy()


def test_an_error_goes_to_otherwise(background, owner, qtbot):
    errors: list[Any] = []

    def work(job):
        raise OSError("gone")

    background.run(owner, work, lambda _value: errors.append("then"), errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert [type(error) for error in errors] == [OSError]


def test_an_error_that_nobody_awaits_is_not_silent(background, owner, qtbot):
    def work(job):
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        background.run(owner, work, lambda _value: None)
        qtbot.waitUntil(lambda: not background.busy())
    assert [kind for kind, _error, _trace in caught] == [ZeroDivisionError]


def test_an_answer_for_an_owner_that_is_gone_is_dropped(background, qtbot, qapp):
    owner = QObject()
    go = threading.Event()
    answers = []
    background.run(owner, lambda job: go.wait(5), answers.append, answers.append)
    owner.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    go.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert answers == []


def test_a_later_question_replaces_an_earlier_one_of_the_same_name(background, owner, qtbot):
    go = threading.Event()
    answers = []

    def slow(job):
        go.wait(5)
        return "first"

    background.run(owner, slow, answers.append, answers.append, replaces="course")
    background.run(owner, lambda job: "other", answers.append, replaces="labs")
    background.run(owner, lambda job: "second", answers.append, replaces="course")
    go.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert sorted(answers) == ["other", "second"]


def test_a_cancelled_job_stops_and_answers_nobody(background, owner, qtbot):
    started, stopped = threading.Event(), threading.Event()
    answers = []

    def work(job):
        started.set()
        try:
            while True:
                job.check()
        finally:
            stopped.set()

    job = background.run(owner, work, answers.append, answers.append)
    assert started.wait(5)
    job.cancel()
    assert stopped.wait(5)
    qtbot.waitUntil(lambda: not background.busy())
    assert answers == []


def test_a_job_that_has_not_begun_is_never_begun(background, owner, qtbot):
    go = threading.Event()
    begun: list[Any] = []
    for _ in range(2):
        background.run(owner, lambda job: go.wait(5), begun.append)
    waiting = background.run(owner, lambda job: begun.append("work"), begun.append)
    waiting.cancel()
    go.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert begun == [True, True]


def test_progress_is_told_here_and_may_count_many_bytes(background, owner, qtbot, qapp):
    told: list[Any] = []

    def work(job):
        job.progress(1, 3_000_000_000, "Reading")
        job.progress(3_000_000_000, 3_000_000_000, "Reading")

    def progress(done, total, doing):
        told.append((done, total, doing, QThread.currentThread() is qapp.thread()))

    background.run(owner, work, lambda _value: told.append("done"), progress=progress)
    qtbot.waitUntil(lambda: "done" in told)
    assert told == [
        (1, 3_000_000_000, "Reading", True),
        (3_000_000_000, 3_000_000_000, "Reading", True),
        "done",
    ]


def test_everything_of_one_owner_can_be_dropped(background, owner, qtbot):
    other = QObject()
    go = threading.Event()
    answers = []
    background.run(owner, lambda job: go.wait(5), lambda _value: answers.append("owner"))
    background.run(other, lambda job: go.wait(5), lambda _value: answers.append("other"))
    background.cancel(owner)
    go.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert answers == ["other"]


def test_closing_ends_the_threads_and_drops_the_answers(qapp, owner):
    background = Background()
    started = threading.Event()
    answers = []

    def work(job):
        started.set()
        while True:
            job.check()

    background.run(owner, work, answers.append, answers.append)
    assert started.wait(5)
    background.close()
    background.close()
    qapp.processEvents()
    assert answers == []
    assert not [t for t in threading.enumerate() if t.name.startswith("background")]
