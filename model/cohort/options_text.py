"""How a cohort is counted as text: what is kept with a frozen cohort."""

from __future__ import annotations

import json
from dataclasses import asdict

from model.cohort.options import By, Count, Denominator, Events, Options, Phase
from model.errors import KnownError


def as_text(options: Options) -> str:
    """The options as JSON, by name."""
    return json.dumps(asdict(options), ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> Options:
    """The options that JSON holds; raises KnownError when they cannot be read."""
    try:
        told = json.loads(text)
        return Options(
            count=Count(told["count"]),
            denominator=Denominator(told["denominator"]),
            by=By(told["by"]),
            phase=Phase(told["phase"]),
            events=Events(told["events"]),
            landmarks=tuple(map(int, told["landmarks"])),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise KnownError(
            "How this cohort was counted cannot be read. The records are as they were."
        ) from error
