"""The texts of a plot, read from its picture as SVG: what is written, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QTransform

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


class Written(NamedTuple):
    """A text and the rectangle of its letters, in pixels of the picture."""

    text: str
    rect: QRectF


def words(svg: bytes) -> list[str]:
    """Return what is written in a picture."""
    return [_text(each) for each in ElementTree.fromstring(svg).iter() if _is_text(each)]


def written(svg: bytes) -> list[Written]:
    """Return what is written in a picture, with the rectangle of each text."""
    return [one for one in _written(ElementTree.fromstring(svg), QTransform(), {}) if one.text]


def overlapping(texts: list[Written], least: float = 1.0) -> list[tuple[str, str]]:
    """Return the pairs of texts that lie over one another by at least so many pixels."""
    return [
        (one.text, other.text)
        for one, other in combinations(texts, 2)
        if one.rect.adjusted(least, least, -least, -least).intersects(other.rect)
    ]


def _written(
    element: ElementTree.Element, outer: QTransform, inherited: dict[str, str]
) -> Iterator[Written]:
    transform = outer
    if "transform" in element.attrib:
        numbers = [float(each) for each in _NUMBER.findall(element.attrib["transform"])]
        transform = QTransform(*numbers) * outer
    style = inherited | element.attrib
    if _is_text(element):
        font = QFont(style["font-family"])
        font.setPixelSize(round(float(style["font-size"].removesuffix("px"))))
        font.setWeight(QFont.Weight(int(style.get("font-weight", "400"))))
        text = _text(element)
        tight = QFontMetricsF(font).tightBoundingRect(text)
        rect = tight.translated(float(element.attrib["x"]), float(element.attrib["y"]))
        yield Written(text, transform.mapRect(rect))
    for each in element:
        yield from _written(each, transform, style)


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


def _is_text(element: ElementTree.Element) -> bool:
    return element.tag.endswith("text")
