"""The parts of a workbook that do not depend on its content (ECMA-376, Office Open XML)."""

import zipfile
from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from xml.sax.saxutils import quoteattr

TITLE = "Theralog export"
CORE = "docProps/core.xml"
PLAIN, BOLD, QUOTED = 0, 1, 2
"""Styles of cells: plain; header; a text that begins like a formula."""

_FIRST_DECIMALS = 3  # the style that shows one decimal
_MOST_DECIMALS = 15
_FIRST_FORMAT = 164  # lower numbers are built-in formats
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET_BEGINS = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
).encode()
SHEET_ENDS = b"</sheetData></worksheet>"


def entry(name: str) -> zipfile.ZipInfo:
    """Return the entry of a part in the file, without a time of writing."""
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def sheet_file(number: int) -> str:
    """Return the name of the part for a sheet, from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def letters(place: int) -> str:
    """Return the name of a column in spreadsheets: 0 is A, 26 is AA."""
    before, last = divmod(place, len(ascii_uppercase))
    return (letters(before - 1) if before else "") + ascii_uppercase[last]


def with_decimals(decimals: int) -> int:
    """Return the style with this number of decimals; for 0, the plain one."""
    return PLAIN if not decimals else _FIRST_DECIMALS + min(decimals, _MOST_DECIMALS) - 1


def of_book(sheets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield name and content of all parts except the sheets, which have these names in order."""
    numbers = range(1, len(sheets) + 1)
    yield "[Content_Types].xml", _content_types(numbers)
    yield (
        "_rels/.rels",
        _relations(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", CORE),
        ),
    )
    yield (
        CORE,
        (
            f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{TITLE}</dc:title><dc:creator>Theralog</dc:creator></cp:coreProperties>"
        ),
    )
    named = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{named}</sheets></workbook>"
        ),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            (f"{_OFFICE}/styles", "styles.xml"),
        ),
    )
    yield "xl/styles.xml", _styles()


def _content_types(numbers: Sequence[int]) -> str:
    kinds = {
        "/xl/workbook.xml": f"{_TYPES}.sheet.main+xml",
        "/xl/styles.xml": f"{_TYPES}.styles+xml",
        f"/{CORE}": "application/vnd.openxmlformats-package.core-properties+xml",
        **{f"/{sheet_file(n)}": f"{_TYPES}.worksheet+xml" for n in numbers},
    }
    listed = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _styles() -> str:
    decimals = range(1, _MOST_DECIMALS + 1)
    formats = "".join(
        f'<numFmt numFmtId="{_FIRST_FORMAT + n}" formatCode="0.{"0" * n}"/>' for n in decimals
    )
    plain = 'fontId="0" fillId="0" borderId="0" xfId="0"'
    of_cells = [
        f'<xf numFmtId="0" {plain}/>',
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
        f'<xf numFmtId="49" {plain} quotePrefix="1" applyNumberFormat="1"/>',
        *(f'<xf numFmtId="{_FIRST_FORMAT + n}" {plain} applyNumberFormat="1"/>' for n in decimals),
    ]
    font = '<sz val="11"/><name val="Calibri"/>'
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="{len(decimals)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{len(of_cells)}">{"".join(of_cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )
