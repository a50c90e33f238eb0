"""Row ids: 63-bit integers, ordered by time, so that casebooks of several sites can be pooled."""

import secrets
import threading
import time

_RANDOM_BITS = 20
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return an id above every id made before it in this process.

    The upper 43 bits are milliseconds since 1970 (enough until 2248), the lower 20 are random;
    within one millisecond ids count up from the first.
    """
    global _last
    now = time.time_ns() // 1_000_000
    with _lock:
        _last = max(_last + 1, now << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))
        return _last
