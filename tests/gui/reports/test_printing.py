from __future__ import annotations

import re
import subprocess
import zlib
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from gui.reports import printing
from gui.reports.printing import (
    HeadAndFoot,
    casebook_head_and_foot,
    document_of,
    print_document,
    write_pdf,
)
from gui.style import theme
from model.errors import KnownError
from model.store.casebook import Casebook
from model.store.settings import SYNTHETIC, save_setting

HEAD_AND_FOOT = HeadAndFoot(title="Due this week", casebook="study", printed_on=date(2023, 11, 27))
A4, LETTER = (595, 842), (612, 792)


@pytest.fixture
def written_texts(monkeypatch) -> list[str]:
    """The texts of head and foot in the order in which they are drawn."""
    texts: list[str] = []
    draw = printing.Frame._write

    def note(frame, room, text, *rest):
        texts.append(text)
        return draw(frame, room, text, *rest)

    monkeypatch.setattr(printing.Frame, "_write", note)
    return texts


def table(rows: int) -> QTextDocument:
    lines = "".join(f"<tr><td>P-{number:04}</td><td>CBC</td></tr>" for number in range(rows))
    return document_of(f"<table><thead><tr><th>Code</th></tr></thead>{lines}</table>")


def page_sizes(pdf: bytes) -> set[tuple[int, int]]:
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return {(round(float(width)), round(float(height))) for width, height in found}


@pytest.mark.parametrize(("page", "size"), [("A4", A4), ("Letter", LETTER)])
def test_a_pdf_has_the_page_asked_for_and_as_many_as_the_text_needs(light, tmp_path, page, size):
    path = tmp_path / "list.pdf"
    write_pdf(path, table(3), HEAD_AND_FOOT, page)
    short = path.read_bytes()
    assert short.startswith(b"%PDF-")
    assert page_sizes(short) == {size}
    write_pdf(path, table(200), HEAD_AND_FOOT, page)
    assert short.count(b"/MediaBox") < path.read_bytes().count(b"/MediaBox")


def test_every_page_has_title_date_number_and_the_notice_on_medical_devices(
    light, tmp_path, written_texts
):
    write_pdf(tmp_path / "list.pdf", table(100), HEAD_AND_FOOT)
    pages = [text for text in written_texts if text.startswith("Page ")]
    assert pages == [f"Page {number} of {len(pages)}" for number in range(1, len(pages) + 1)]
    assert len(pages) > 1
    for text in ("Due this week", "study", "Printed on 27 Nov 2023", printing.DEVICE_TEXT):
        assert written_texts.count(text) == len(pages)


def test_synthetic_data_are_marked_on_every_page(light, tmp_path, written_texts):
    with Casebook.create(tmp_path / "alpha.theralog") as casebook:
        head_and_foot = casebook_head_and_foot(casebook, "Due", date(2023, 1, 1))
        assert head_and_foot.casebook == "alpha"
        assert not head_and_foot.is_synthetic
        with casebook.step("Mark") as step:
            save_setting(step, SYNTHETIC, "yes")
        head_and_foot = casebook_head_and_foot(casebook, "Due", date(2023, 1, 1))
    write_pdf(tmp_path / "list.pdf", table(100), head_and_foot)
    pages = sum(text.startswith("Page ") for text in written_texts)
    assert written_texts.count("Synthetic demo data") == written_texts.count("alpha") == pages > 1


def test_signs_can_be_searched_and_copied(light, tmp_path):
    signs = "5 × 10 ≥ 7 ≤ 8 10:15 P-001 2024-03-04 ->"
    html = f"<p>{signs.replace('>', '&gt;')}</p><table><tr><th>{signs[:-2]}</th></tr></table>"
    write_pdf(tmp_path / "a.pdf", document_of(html), replace(HEAD_AND_FOOT, title=signs[:14]))
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True)
    said = done.stdout.decode()
    assert said.count(signs[:-2].strip()) == 2
    assert said.count("->") == 1
    assert said.count(signs[:14]) == 3


def test_the_document_itself_keeps_its_layout(light, tmp_path):
    document = table(100)
    document.setTextWidth(400)
    before = document.size()
    write_pdf(tmp_path / "list.pdf", document, HEAD_AND_FOOT)
    assert document.size() == before


def test_a_failed_write_is_reported_and_keeps_the_old_file(light, tmp_path):
    with pytest.raises(KnownError, match="cannot be written"):
        write_pdf(tmp_path / "nowhere" / "list.pdf", table(1), HEAD_AND_FOOT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("accepted", [True, False])
def test_printing_returns_whether_it_was_printed(light, tmp_path, monkeypatch, qtbot, accepted):
    parent = QWidget()
    qtbot.addWidget(parent)
    path = tmp_path / "printed.pdf"

    def answer(dialog: QPrintDialog) -> int:
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(path))
        return int(accepted)

    monkeypatch.setattr(QPrintDialog, "exec", answer)
    assert print_document(parent, table(3), HEAD_AND_FOOT) is accepted
    assert path.exists() is accepted


def test_paper_is_not_dark_in_a_dark_window(qapp, tmp_path):
    theme.apply(qapp, theme.Scheme.DARK)
    try:
        write_pdf(tmp_path / "list.pdf", table(1), HEAD_AND_FOOT)
    finally:
        theme.apply(qapp, theme.Scheme.LIGHT)
    colours = colours_of((tmp_path / "list.pdf").read_bytes())
    assert theme.LIGHT.ink.lower() in colours
    assert theme.DARK.ink.lower() not in colours


def colours_of(pdf: bytes) -> set[str]:
    """The colours that the pages are painted in."""
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        for parts in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:scn|rg)\b", text):
            found.add("#" + "".join(f"{round(255 * float(part)):02x}" for part in parts))
    return found
