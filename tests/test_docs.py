"""What the documents name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
PATH = re.compile(r"`((?:gui|model|commands|resources|tests|scripts|docs)/[\w/.]*)`")
LINK = re.compile(r"\]\((?!https?:)([\w/.]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_files_named_in_a_document_exist(document):
    text = document.read_text("utf-8")
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [path for path in LINK.findall(text) if not (document.parent / path).exists()]
    assert missing == []
