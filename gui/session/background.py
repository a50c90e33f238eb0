"""Work off the GUI thread; results come back on it, or not at all when nobody waits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Slot
from shiboken6 import isValid

T = TypeVar("T")

POLL_MS = 5
"""Milliseconds between two looks at the messages of the workers."""


class Cancelled(Exception):
    """Work stops because nobody waits for it any more."""


class Job:
    """One piece of work as the worker sees it: reports progress and learns when to stop."""

    def __init__(self, report: Callable[[int, int, str], None]) -> None:
        self._report = report
        self._stop = threading.Event()
        self.future: Future[Any] | None = None

    def progress(self, done: int, total: int, doing: str = "") -> None:
        """Report progress; raise `Cancelled` when the work is no longer wanted."""
        self.check()
        self._report(done, total, doing)

    def check(self) -> None:
        """Raise `Cancelled` when the work is no longer wanted."""
        if self._stop.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Ask the work to stop; its result is dropped."""
        self._stop.set()
        if self.future is not None:
            self.future.cancel()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._stop.is_set()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished piece of work, and who receives its result."""

    owner: QObject
    job: Job
    future: Future[Any]
    then: Callable[[Any], object]
    otherwise: Callable[[BaseException], object]


def report_uncaught(error: BaseException) -> None:
    """Pass an error that nobody awaits to the handler of uncaught errors."""
    sys.excepthook(type(error), error, error.__traceback__)


class Background(QObject):
    """The program's worker threads: two, from the first use until `close`.

    The workers do not call Qt, where a lock of Qt and Python's own could wait for each other: their
    messages go into a queue, which the GUI thread polls while work is in progress.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="background")
        self._jobs: dict[Job, tuple[QObject, str]] = {}
        self._closed = False
        self._messages: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._polling = QTimer(self)
        self._polling.setInterval(POLL_MS)
        self._polling.timeout.connect(self._poll)

    def run(
        self,
        owner: QObject,
        work: Callable[[Job], T],
        then: Callable[[T], object],
        otherwise: Callable[[BaseException], object] = report_uncaught,
        *,
        progress: Callable[[int, int, str], object] | None = None,
        replaces: str = "",
    ) -> Job:
        """Run `work` on a worker thread and pass its result to `then` on the GUI thread.

        Nothing is delivered when `owner` is gone, when the job was cancelled, or when a later run
        of the same owner had the same name in `replaces`. What `work` raises goes to `otherwise`.
        `work` may touch no widget; it calls `job.check()` or `job.progress(done, total, doing)`
        wherever it can stop. After `close` nothing is run.
        """
        if replaces:
            self._cancel_where(lambda known: known[0] is owner and known[1] == replaces)

        def report(done: int, total: int, doing: str) -> None:
            if progress is not None:
                self._messages.put(lambda: self._report(job, owner, progress, (done, total, doing)))

        job = Job(report)
        if self._closed:
            job.cancel()
            return job

        def finished(future: Future[T]) -> None:
            outcome = Outcome(owner, job, future, then, otherwise)
            self._messages.put(lambda: self._deliver(outcome))

        self._jobs[job] = (owner, replaces)
        self._polling.start()
        future = self._pool.submit(work, job)
        job.future = future
        future.add_done_callback(finished)
        return job

    def cancel(self, owner: QObject) -> None:
        """Cancel all work of an owner."""
        self._cancel_where(lambda known: known[0] is owner)

    def busy(self) -> bool:
        """Return whether any result has not been delivered yet."""
        return bool(self._jobs)

    def close(self) -> None:
        """Cancel all work and wait until the threads have ended."""
        if self._closed:
            return
        self._closed = True
        self._cancel_where(lambda _known: True)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()
        self._polling.stop()

    def _cancel_where(self, concerned: Callable[[tuple[QObject, str]], bool]) -> None:
        for job in [job for job, known in self._jobs.items() if concerned(known)]:
            job.cancel()

    @Slot()
    def _poll(self) -> None:
        """Handle the messages; an error leaves the rest for the next poll."""
        for _ in range(self._messages.qsize()):
            try:
                act = self._messages.get_nowait()
            except Empty:  # a handler has polled too, inside its own dialog
                break
            act()
        if isValid(self) and not self._jobs:
            self._polling.stop()

    def _deliver(self, outcome: Outcome) -> None:
        self._jobs.pop(outcome.job, None)
        if not isValid(outcome.owner) or outcome.job.cancelled or outcome.future.cancelled():
            return
        if error := outcome.future.exception():
            outcome.otherwise(error)
        else:
            outcome.then(outcome.future.result())

    def _report(
        self,
        job: Job,
        owner: QObject,
        progress: Callable[[int, int, str], object],
        state: tuple[int, int, str],
    ) -> None:
        if isValid(owner) and not job.cancelled and job in self._jobs:
            progress(*state)
