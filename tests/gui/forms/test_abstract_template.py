"""Editing the template of the paragraph: seen as it is typed, and kept only when it is sound."""

from __future__ import annotations

import pytest

from gui.forms.abstract_template import AbstractTemplateForm
from model.cohort.paragraph import names as abstract_names
from model.cohort.paragraph import template as abstract_template
from model.errors import KnownError


def preview(template: str) -> str:
    if faults := abstract_names.problems(template):
        raise KnownError(" ".join(faults))
    return f"Told: {template}"


@pytest.fixture
def form(qtbot):
    form = AbstractTemplateForm(None, "{cycles} were given.", preview)
    qtbot.addWidget(form, before_close_func=AbstractTemplateForm.remember)
    form.show()
    return form


def test_what_it_comes_to_is_seen_while_it_is_typed(form, qtbot):
    assert form.shown.text() == "Told: {cycles} were given."
    form.template.set_value("{tandem} in tandem.")
    qtbot.waitUntil(lambda: form.shown.text() == "Told: {tandem} in tandem.")
    assert form.save() == "{tandem} in tandem."


def test_what_is_not_there_is_named_and_the_form_stays_open(form, qtbot):
    form.template.set_value("{cicles} were given.")
    qtbot.waitUntil(lambda: "there is no “cicles”" in form.shown.text())
    form.save_button.click()
    assert form.isVisible()
    assert "Did you mean “cycles”?" in form.template.problem()


def test_the_shipped_template_comes_back(form):
    form.restore_button.click()
    assert form.save() == abstract_template.shipped().strip()
    assert form.shown.text().startswith("Told: ")


def test_all_that_can_be_named_is_listed(form):
    for name in (*abstract_names.NUMBERS, *abstract_names.LISTS, *abstract_names.TEXTS):
        assert name in form.names.text()
