"""The input fields of the forms, all in one place to import from."""

from gui.fields.base import Field
from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import DateField, PartialDateField
from gui.fields.grade import GradeField
from gui.fields.number import NumberField, parse_number
from gui.fields.results import Found, ResultList
from gui.fields.search import SearchField
from gui.fields.text import MultilineField, TextField
from gui.fields.yes_no import CheckField

__all__ = [
    "CheckField",
    "ChoiceField",
    "DateField",
    "Field",
    "Found",
    "GradeField",
    "MultilineField",
    "NumberField",
    "OpenChoiceField",
    "PartialDateField",
    "ResultList",
    "SearchField",
    "TextField",
    "parse_number",
]
