"""The Imaging tab: pictures are added in every way, and never to another patient."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from gui.forms.key_image import KeyImageForm
from gui.pages.patient.imaging import images as imaging_images
from gui.pages.patient.imaging import intake
from gui.pages.patient.imaging import side_by_side as imaging_side_by_side
from gui.pages.patient.imaging.page import ImagingPage
from gui.pages.patient.imaging.strip import items_of
from gui.plots.images.decoder import prepare
from gui.plots.images.image_pixels import png
from gui.widgets.messages import MessageBox, NoticeBar
from gui.words import change_text
from model.imaging import recist
from model.records import assessments, images, kinds
from model.records.assessments import Assessment
from model.records.images import KeyImage
from tests.gui.pages.showing import show

BASELINE, LATER = date(2025, 3, 5), date(2025, 5, 12)


def picture(grey: int, width: int = 40) -> bytes:
    made = QImage(width, 60, QImage.Format.Format_Grayscale8)
    made.fill(QColor(grey, grey, grey))
    made.setPixelColor(3, 3, QColor(0, 0, 0))
    return png(made)


@pytest.fixture
def scans(session, ann):
    """A baseline and a later assessment with sums of diameters."""

    def work(step):
        return [
            assessments.save(
                step,
                Assessment(
                    patient_id=ann.id,
                    assessed_on=day,
                    timepoint=timepoint,
                    response=response,
                    criteria="RECIST 1.1",
                    sum_of_diameters_mm=mm,
                ),
            )
            for day, timepoint, response, mm in (
                (BASELINE, "baseline", None, 80.0),
                (LATER, "post_cycle", "PR", 60.0),
            )
        ]

    return session.do("Add assessments", work)


@pytest.fixture
def kept(session, ann, scans):
    """Three pictures, two of them of one assessment."""

    def work(step):
        return [
            images.add(
                step,
                ann.id,
                prepare(picture(grey))[0],
                taken_on=day,
                assessment_id=scan,
                caption=caption,
            )
            for grey, day, scan, caption in (
                (200, LATER, scans[1].id, "Liver, after"),
                (100, BASELINE, scans[0].id, "Liver, before"),
                (150, BASELINE, scans[0].id, "Bone, before"),
            )
        ]

    return session.do("Add key images", work)


@pytest.fixture
def page(session, background, shown, qtbot):
    made = shown(ImagingPage(session, background))
    session.changed.connect(lambda _change: show(made, made.records.id if made.records else None))
    yield made
    qtbot.waitUntil(lambda: not background.busy())


def mime_of(*paths) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(page, mime: QMimeData) -> bool:
    where, action = QPointF(50, 50), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), action, mime, button, keys)
    page.dragEnterEvent(enter)
    if enter.isAccepted():
        page.dropEvent(QDropEvent(where, action, mime, button, keys))
    return enter.isAccepted()


def answer_form(entered: dict, seen: list) -> None:
    """Fill and save the next form that opens."""

    def act() -> None:
        form = QApplication.activeModalWidget()
        if not isinstance(form, KeyImageForm):
            QTimer.singleShot(20, act)
            return
        seen.append({name: field.value() for name, field in form.fields.items()})
        for name, value in entered.items():
            form.fields[name].set_value(value)
        form.accept()

    QTimer.singleShot(20, act)


def close_box(messages: list) -> None:
    def act() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, MessageBox):
            QTimer.singleShot(20, act)
            return
        messages.append(f"{box.accessibleName()} {box.accessibleDescription()}")
        box.findChildren(QPushButton)[-1].click()

    QTimer.singleShot(20, act)


def captions(page) -> list[str]:
    return [item.image.caption for item in page.images.strip.thumbnails.items]


def test_a_tab_without_pictures_explains_how_to_add_them(page, ann, bob):
    for patient in (ann, bob):
        show(page, patient.id)
        assert page.images.empty.isVisible()
        assert "Ctrl+V" in page.images.empty.text()
        assert not page.images.strip.isVisible()
        assert not page.sums.isVisible()


def test_pictures_are_ordered_by_date_and_assessment(page, ann, kept, background, qtbot):
    show(page, ann.id)
    assert captions(page) == ["Liver, before", "Bone, before", "Liver, after"]
    items = page.images.strip.thumbnails.items
    assert [item.heading for item in items] == [
        "5 Mar 2025 · Baseline",
        "5 Mar 2025 · Baseline",
        "12 May 2025 · PR · Post cycle",
    ]
    assert [(item.index, item.count) for item in items] == [(0, 2), (1, 2), (0, 1)]
    qtbot.waitUntil(lambda: not background.busy())
    assert page.images.strip.thumbnails.missing() == []


def test_a_dropped_file_is_added_in_one_step(page, ann, scans, session, tmp_path, qtbot):
    (tmp_path / "a.png").write_bytes(picture(90))
    show(page, ann.id)
    page.cards[0].table.choose(scans[1].id)
    seen = []
    answer_form({"caption": "Pelvis"}, seen)
    assert drop(page, mime_of(tmp_path / "a.png"))
    qtbot.waitUntil(lambda: bool(kinds.of_patient(session.casebook, KeyImage, ann.id)))
    assert seen == [{"taken_on": LATER, "assessment_id": scans[1].id, "caption": None}]
    found = kinds.of_patient(session.casebook, KeyImage, ann.id)[0]
    assert (found.caption, found.taken_on, found.assessment_id) == ("Pelvis", LATER, scans[1].id)
    assert images.content(session.casebook, found.image_data_id) == picture(90)
    assert session.casebook.undo_label == "Add key image"
    assert captions(page) == ["Pelvis"]


def test_a_wrong_file_is_reported_and_the_good_one_is_added(page, ann, session, tmp_path, qtbot):
    (tmp_path / "good.png").write_bytes(picture(90))
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    messages, seen = [], []
    show(page, ann.id)
    close_box(messages)
    answer_form({"taken_on": BASELINE}, seen)
    drop(page, mime_of(tmp_path / "letter.pdf", tmp_path / "good.png"))
    qtbot.waitUntil(lambda: bool(kinds.of_patient(session.casebook, KeyImage, ann.id)))
    assert "letter.pdf" in messages[0]
    assert "not a PNG, JPEG, TIFF or DICOM" in messages[0]


def test_a_file_that_is_too_large_is_not_even_read(page, ann, session, tmp_path, qtbot):
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(images.MOST_BYTES + 1)
    messages = []
    show(page, ann.id)
    close_box(messages)
    drop(page, mime_of(tmp_path / "large.png"))
    qtbot.waitUntil(lambda: bool(messages))
    assert "larger than 20 MB" in messages[0]


def test_a_copied_picture_is_pasted(page, ann, session, qtbot):
    copied = QImage(30, 30, QImage.Format.Format_RGB32)
    copied.fill(QColor(10, 200, 10))
    QApplication.clipboard().setImage(copied)
    show(page, ann.id)
    page.cards[0].table.view.setFocus()
    seen = []
    answer_form({"taken_on": BASELINE}, seen)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(kinds.of_patient(session.casebook, KeyImage, ann.id)))
    assert kinds.of_patient(session.casebook, KeyImage, ann.id)[0].media_type == images.PNG


def test_pasting_nothing_shows_a_notice(page, ann):
    QApplication.clipboard().clear()
    show(page, ann.id)
    page.images.paste()
    assert "no picture to paste" in page.window().findChild(NoticeBar).text()


def test_delete_and_f2_on_the_strip(page, ann, kept, session, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(KeyImageForm, "ask", lambda *about: asked.append(about[3]))
    show(page, ann.id)
    strip = page.images.strip
    strip.setFocus()
    strip.setCurrentIndex(strip.thumbnails.index(1))
    qtbot.keyClick(strip, Qt.Key.Key_F2)
    assert [image.caption for image in asked] == ["Bone, before"]
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert captions(page) == ["Liver, before", "Liver, after"]
    bar = page.window().findChild(NoticeBar)
    assert bar.text() == "The key image “5 Mar 2025 · Bone, before” was deleted."
    bar.action_button().click()
    assert len(captions(page)) == 3


def test_pictures_open_side_by_side_by_date_under_code_and_date(page, ann, kept, background, qtbot):
    show(page, ann.id)
    page.images.open_button.click()
    view = page.side_by_side
    assert view.isVisible()
    assert [panel.label for panel in view.panels] == [
        "P-001 · 5 Mar 2025",
        "P-001 · 5 Mar 2025",
        "P-001 · 12 May 2025",
    ]
    qtbot.waitUntil(lambda: all(panel.picture for panel in view.panels))
    assert [panel.picture.values[30, 20] for panel in view.panels] == [100, 150, 200]
    assert view.hasFocus()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.image_view.zoom > 1
    assert view.image_view.across < 0
    assert view.image_view.width > 1
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert (view.image_view.zoom, view.image_view.across, view.image_view.width) == (1, 0, 1)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()
    assert page.images.strip.hasFocus()


def test_chosen_pictures_are_opened_and_the_sliders_set_the_window(page, ann, kept, qtbot):
    show(page, ann.id)
    strip = page.images.strip
    flag = strip.selectionModel().SelectionFlag
    for row in (0, 2):
        strip.selectionModel().select(strip.thumbnails.index(row), flag.Select)
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    view = page.side_by_side
    assert [panel.caption for panel in view.panels] == ["Liver, before", "Liver, after"]
    view.width_slider.setValue(-20)
    assert view.image_view.width == pytest.approx(0.5)
    view.reset_button.click()
    assert view.width_slider.value() == 0


def test_a_damaged_picture_is_reported_in_its_panel(page, ann, kept, session, qtbot):
    data_id = kept[0].image_data_id
    with session.casebook.step("x") as step:
        step._db.execute("update image_data set bytes = x'00' where id = ?", [data_id])
    show(page, ann.id)
    page.images.open_chosen()
    panels = page.side_by_side.panels
    qtbot.waitUntil(lambda: all(panel.sentence != "Opening…" for panel in panels))
    assert "is damaged" in panels[2].sentence
    assert panels[0].picture is not None


class Gate:
    """Holds worker threads until it is opened."""

    def __init__(self, monkeypatch, module, name):
        self.open = threading.Event()
        self.entered = threading.Event()
        whole = getattr(module, name)

        def held(*about):
            self.entered.set()
            assert self.open.wait(10)
            return whole(*about)

        monkeypatch.setattr(module, name, held)


def test_a_slow_picture_is_dropped_when_another_patient_is_shown(
    page, ann, bob, kept, background, qtbot, monkeypatch
):
    gate = Gate(monkeypatch, imaging_side_by_side, "decode")
    show(page, ann.id)
    page.images.open_chosen()
    assert gate.entered.wait(5)
    show(page, bob.id)
    gate.open.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert page.side_by_side.panels == []
    assert not page.side_by_side.isVisible()
    assert page.images.strip.thumbnails.items == []


def test_slow_thumbnails_are_dropped_when_another_patient_is_shown(
    page, ann, bob, kept, background, qtbot, monkeypatch
):
    shown_to = []
    gate = Gate(monkeypatch, imaging_images, "_thumbnails")
    monkeypatch.setattr(page.images.strip.thumbnails, "show_thumbnails", shown_to.append)
    show(page, ann.id)
    assert gate.entered.wait(5)
    show(page, bob.id)
    gate.open.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert shown_to == []


def test_a_slow_file_is_not_added_to_another_patient(
    page, ann, bob, session, background, tmp_path, qtbot, monkeypatch
):
    (tmp_path / "a.png").write_bytes(picture(90))
    asked = []
    monkeypatch.setattr(KeyImageForm, "ask", lambda *about: asked.append(about))
    gate = Gate(monkeypatch, intake, "prepare")
    show(page, ann.id)
    drop(page, mime_of(tmp_path / "a.png"))
    assert gate.entered.wait(5)
    show(page, bob.id)
    gate.open.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert asked == []
    assert "not added" in page.window().findChild(NoticeBar).text()
    assert images.count(session.casebook) == 0
    assert page.images.add_button.isEnabled()


def test_deleting_an_open_picture_closes_it(page, ann, kept, session, qtbot):
    show(page, ann.id)
    page.images.open_chosen()
    session.undo()
    assert not page.side_by_side.isVisible()


def test_responses_are_computed_from_sums_and_rules_are_saved(page, ann, scans, session):
    show(page, ann.id)
    table = page.cards[0].table
    titles = [column.title for column in table.model.columns]
    rows = [
        {title: table.model.index(row, place).data() for place, title in enumerate(titles)}
        for row in range(2)
    ]
    assert rows[0]["Computed"] == "baseline"
    assert (rows[1]["Response"], rows[1]["Computed"]) == ("PR", "SD ≠")
    assert (rows[1]["Δ baseline"], rows[1]["Δ nadir"]) == ("−25.0 %", "−25.0 %")
    assert "baseline 80 mm (5 Mar 2025)" in page.sums.text.text()
    assert "12 May 2025: read as PR, the sum gives SD." in page.sums.remark.text()
    page.sums.confirm.click()
    assert recist.load_rules(session.casebook).confirm
    assert "confirmation required" in page.sums.text.text()
    session.undo()
    assert not page.sums.confirm.isChecked()


def test_a_deleted_assessment_leaves_its_pictures(page, ann, kept, session, scans, qtbot):
    show(page, ann.id)
    page.cards[0].delete(scans[0])
    assert len(captions(page)) == 3
    assert page.images.strip.thumbnails.items[0].heading == "5 Mar 2025 · no assessment"


def test_pictures_without_a_date_come_last():
    def image(number, day):
        return KeyImage(
            id=number, patient_id=1, taken_on=day, media_type=images.PNG, image_data_id=1
        )

    found = items_of([image(1, None), image(2, LATER), image(3, None), image(4, BASELINE)], [])
    assert [item.image.id for item in found] == [4, 2, 1, 3]
    assert found[-1].heading == "no date · no assessment"
    assert [item.image.id for item in items_of([image(1, None), image(3, None)], [])] == [1, 3]


@pytest.mark.parametrize(
    ("per_cent", "wanted"),
    [
        (None, ""),
        ("0", "0.0 %"),
        ("-30", "−30.0 %"),
        ("-29.99999", "−29.999 %"),
        ("-30.01", "−30.010 %"),
        ("19.96", "+19.960 %"),
        ("20", "+20.0 %"),
        ("33.333333", "+33.3 %"),
        ("1E+40", "over 10000 %"),
    ],
)
def test_a_change_is_not_rounded_to_a_boundary(per_cent, wanted):
    assert change_text(None if per_cent is None else Decimal(per_cent)) == wanted
