from __future__ import annotations

from model.store.settings import save_setting


def test_a_setting_is_saved_replaced_and_undone(casebook):
    for value in ("5.0", "6.0"):
        with casebook.step("Change CTCAE version") as step:
            save_setting(step, "ctcae_version", value)
    assert casebook.setting("ctcae_version") == "6.0"
    assert len(casebook.rows("select * from setting")) == 1
    casebook.undo()
    assert casebook.setting("ctcae_version") == "5.0"
    casebook.undo()
    assert casebook.setting("ctcae_version", "none") == "none"
