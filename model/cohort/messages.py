"""Sentences that are English in files and are translated for the screen."""

from __future__ import annotations

from typing import Self

from model.language import _, ngettext


class Message(str):
    """An English text that can be translated: `Message(N_("up to {last}"), last=3)`.

    As a string it is English, which is what files, settings and frozen cohorts contain. Values that
    are texts are translated with it.
    """

    _message: str
    _plural: str
    _values: dict[str, object]

    def __new__(cls, message: str, **values: object) -> Self:
        """Format a message that is marked for translation with its values."""
        self = super().__new__(cls, message.format(**values))
        self._message, self._plural, self._values = message, "", values
        return self

    @classmethod
    def ngettext(cls, singular: str, plural: str, n: int, **values: object) -> Self:
        """Format the singular or the plural by the count `n`, which is also a value of the text."""
        self = cls(singular if n == 1 else plural, n=n, **values)
        self._message, self._plural = singular, plural
        return self

    @property
    def translated(self) -> str:
        """The text in the language of the user."""
        values = {
            name: translate(value) if isinstance(value, str) else value
            for name, value in self._values.items()
        }
        text = _(self._message)
        if self._plural:
            text = ngettext(self._message, self._plural, int(str(self._values["n"])))
        return text.format(**values)


def translate(text: str) -> str:
    """Translate a Message, or a text that is marked for translation."""
    if isinstance(text, Message):
        return text.translated
    return _(text) if text else ""


def join(between: str, texts: list[str]) -> str:
    """Join texts to a Message that translates each of them."""
    values = {f"text{index}": text for index, text in enumerate(texts)}
    return Message(between.join(f"{{{name}}}" for name in values), **values)
