"""The one stylesheet: how every kind of widget looks, in the colours of a theme."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.style.theme import Theme


def stylesheet(theme: Theme, icons: Path) -> str:
    """The stylesheet in a theme's colours; `icons` is the folder of the small SVG pictures.

    Looks that a widget asks for by `theme.set_kind`: buttons `primary`, `quiet`, `danger`; labels
    `title`, `heading`, `soft`, `strong`, `problem`, `hint`; frames `card`, `rail`, `notice`,
    `header`; a check button `chip`.
    """
    colours = {name: getattr(theme, name) for name in theme.__dataclass_fields__}
    return Template(_SHEET).substitute(colours, icons=icons.as_posix())


_SHEET = """
QToolTip { background: $tip; color: $tip_ink; border: 1px solid $tip; padding: 4px 7px; }

/* words */
QLabel { background: transparent; }
QLabel[kind="title"] { font-size: 19px; font-weight: 600; }
QLabel[kind="heading"] { font-weight: 600; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="soft"], QLabel[kind="hint"] { color: $ink_soft; }
QLabel[kind="hint"] { font-size: 12px; }
QLabel[kind="chosenText"] { color: $ink; font-size: 12px; font-weight: 600; }
QLabel[kind="problem"] { color: $alert; font-size: 12px; }
QLabel[kind="remark"] { color: $warn; font-size: 12px; }
QLabel[kind="empty"] { color: $ink_soft; padding: 24px; }

/* areas */
QFrame[kind="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="header"] { background: $card; border: none; border-bottom: 1px solid $line; }
QFrame[kind="footer"] { background: $card; border: none; border-top: 1px solid $line; }
QFrame[kind="side"] { background: $card; border: none; border-right: 1px solid $line; }
QFrame[kind="line"] { background: $line; border: none; }
QFrame[kind="rail"] { background: $rail; border: none; }
QFrame[kind="proposal"] {
    background: $warn_fill; border: 1px solid $line; border-radius: 6px;
}
QFrame[kind="proposal"]:focus { border: 2px solid $accent; }
QFrame[kind="fault"] { background: $alert_fill; border: 1px solid $alert; border-radius: 6px; }
QFrame[kind="fault"] QLabel { color: $alert; }
QFrame[kind="notice"] { background: $tip; border: none; border-radius: 8px; }
QFrame[kind="notice"] QLabel { color: $tip_ink; }
QPlainTextEdit[kind="report"] { font-size: 12px; color: $ink_soft; }
QFrame[kind="popup"] { background: $card; border: 1px solid $edge; border-radius: 8px; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[kind="plain"] { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

/* buttons */
QPushButton {
    background: $card; color: $ink; border: 1px solid $edge; border-radius: 6px;
    padding: 6px 14px; font-weight: 500; min-height: 18px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:open { background: $chosen; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $ink_soft; background: $paper; border-color: $line; }
QPushButton::menu-indicator {
    image: url($icons/arrow-down.svg); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 6px;
}
QPushButton[kind="primary"] {
    background: $accent_fill; color: $on_accent; border: 1px solid $accent_fill;
}
QPushButton[kind="primary"]:hover { background: $accent; border-color: $accent; }
QPushButton[kind="primary"]:pressed { background: $accent_fill; }
QPushButton[kind="primary"]:focus { border: 2px solid $ink; padding: 5px 13px; }
QPushButton[kind="primary"]:disabled {
    background: $neutral; color: $ink_soft; border-color: $neutral;
}
QPushButton[kind="danger"] { color: $alert; }
QPushButton[kind="danger"]:hover { background: $alert_fill; border-color: $alert; }
QPushButton[kind="quiet"] {
    background: transparent; border: 1px solid transparent; color: $ink_soft; padding: 4px 8px;
}
QPushButton[kind="quiet"]:hover { color: $ink; background: $hover; }
QPushButton[kind="quiet"]:checked {
    background: $chosen; border-color: $chosen; color: $accent_text;
}
QPushButton[kind="quiet"]:focus { border: 1px solid $accent; padding: 4px 8px; }
QPushButton[kind="quiet"]:disabled { color: $edge; }
QPushButton[kind="link"] {
    background: transparent; border: 1px solid transparent; color: $accent_text;
    padding: 2px 4px; font-weight: 600; border-radius: 4px;
}
QPushButton[kind="link"]:hover { background: $chosen; }
QPushButton[kind="link"]:focus { border: 1px solid $accent; }
QPushButton[kind="row"] {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 8px 10px;
    min-height: 20px;
}
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border: 1px solid $accent; padding: 8px 10px; }
QPushButton[kind="chip"] {
    background: $card; color: $ink_soft; border: 1px solid $edge; border-radius: 11px;
    padding: 1px 9px; font-size: 12px; min-height: 18px; font-weight: 400;
}
QPushButton[kind="chip"]:hover { background: $hover; color: $ink; }
QPushButton[kind="chip"]:checked {
    background: $chosen; border-color: $accent; color: $accent_text; font-weight: 500;
}
QPushButton[kind="chip"]:focus { border: 2px solid $accent; padding: 0 8px; }
QPushButton[kind="onNotice"] {
    background: transparent; color: $tip_ink; border: 1px solid $tip_ink; padding: 3px 10px;
}
QPushButton[kind="onNotice"]:hover, QPushButton[kind="onNotice"]:focus {
    background: $tip_ink; color: $tip; border: 1px solid $tip_ink; padding: 3px 10px;
}
QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 4px;
    color: $ink_soft;
}
QToolButton:hover { background: $hover; color: $ink; }
QToolButton:pressed, QToolButton:checked { background: $chosen; color: $accent_text; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QFrame[kind="rail"] QToolButton {
    color: $rail_soft; border: none; border-left: 3px solid transparent; border-radius: 0;
    padding: 8px 3px 8px 0; font-size: 11px;
}
QFrame[kind="rail"] QToolButton:hover { color: $rail_ink; background: $rail_chosen; }
QFrame[kind="rail"] QToolButton:checked {
    color: $rail_ink; background: $rail_chosen; border-left: 3px solid $rail_accent;
}
QFrame[kind="rail"] QToolButton:focus { background: $rail_chosen; color: $rail_accent; }

/* fields */
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
    background: $card; color: $ink; border: 1px solid $edge; border-radius: 6px;
    selection-background-color: $accent_fill; selection-color: $on_accent;
}
QLineEdit, QComboBox, QAbstractSpinBox { padding: 5px 8px; min-height: 18px; }
QPlainTextEdit, QTextEdit { padding: 3px 4px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {
    border-color: $ink_soft;
}
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {
    border: 2px solid $accent; padding: 4px 7px;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 2px 3px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled,
QAbstractSpinBox:disabled, QLineEdit:read-only {
    background: $paper; color: $ink_soft; border-color: $line;
}
QLineEdit[kind="wrong"], QPlainTextEdit[kind="wrong"], QComboBox[kind="wrong"] {
    border: 1px solid $alert;
}
QLineEdit[kind="wrong"]:focus, QPlainTextEdit[kind="wrong"]:focus, QComboBox[kind="wrong"]:focus {
    border: 2px solid $alert;
}
QLineEdit[kind="bare"] { border: none; background: transparent; padding: 6px 4px; }
QLineEdit QToolButton { border: none; padding: 0; }
QLineEdit QToolButton:hover { background: transparent; }
QComboBox { padding: 5px 8px 5px 10px; combobox-popup: 0; }
QComboBox:focus, QComboBox:on { padding: 4px 7px 4px 9px; }
QComboBox::drop-down {
    subcontrol-origin: padding; subcontrol-position: center right; width: 24px; border: none;
}
QComboBox::down-arrow { image: url($icons/arrow-down.svg); width: 16px; height: 16px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus, QComboBox QLineEdit:hover {
    border: none; padding: 0; margin-left: -2px; background: transparent; min-height: 0;
}
QComboBox QAbstractItemView {
    background: $card; border: 1px solid $edge; border-radius: 0; padding: 3px; outline: none;
    selection-background-color: $chosen; selection-color: $ink;
}
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 5px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
    background: $chosen; color: $ink;
}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    border: none; padding: 0; background: transparent; min-height: 0;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 18px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {
    background: $hover; border-radius: 3px;
}
QAbstractSpinBox::up-arrow { image: url($icons/arrow-up.svg); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url($icons/arrow-down.svg); width: 12px; height: 12px; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $ink_soft; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator,
QAbstractItemView::indicator, QMenu::indicator {
    width: 14px; height: 14px; border: 1px solid $ink_soft; background: $card; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { outline: none; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
    border: 2px solid $accent; width: 12px; height: 12px;
}
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked,
QMenu::indicator:checked {
    background: $accent_fill; border-color: $accent_fill; image: url($icons/check.svg);
}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: $accent_fill; border-color: $accent_fill; image: url($icons/dash.svg);
}
QRadioButton::indicator:checked {
    background: $accent_fill; border-color: $accent_fill; image: url($icons/dot.svg);
}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {
    border: 2px solid $ink;
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
    background: $paper; border-color: $edge;
}
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled {
    background: $ink_soft; border-color: $ink_soft;
}
QGroupBox {
    border: 1px solid $line; border-radius: 8px; margin-top: 18px; padding: 10px 12px;
    background: $card;
}
QGroupBox::title {
    subcontrol-origin: margin; subcontrol-position: top left; left: 2px; font-weight: 600;
}
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 14px; margin: -5px 0; border-radius: 7px; background: $accent_fill;
}
QProgressBar {
    background: $neutral; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }


/* tables and lists */
QTableView, QTreeView, QListView {
    background: $card; alternate-background-color: $card; border: none; outline: none;
    gridline-color: $line; selection-background-color: $chosen; selection-color: $ink;
}
QTableView::item { border: none; border-bottom: 1px solid $line; padding: 0 7px; }
QTableView::item:selected { background: $chosen; }
QTreeView::item, QListView::item { min-height: 28px; padding: 0 8px; border: none; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $chosen; color: $ink; }
QListView[kind="list"] { border: 1px solid $edge; padding: 0; }
QListView[kind="list"]::item { min-height: 26px; padding: 0 5px; border-radius: 4px; }
QHeaderView { background: $card; border: none; }
QHeaderView::section {
    background: $card; color: $ink_soft; border: none; border-bottom: 1px solid $edge;
    padding: 7px 10px; font-size: 12px; font-weight: 500;
}
QHeaderView::section:vertical { border-bottom: 1px solid $line; padding: 0 10px; }
QHeaderView::section:hover { color: $ink; }
QTableCornerButton::section { background: $card; border: none; border-bottom: 1px solid $edge; }

/* tabs */
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabWidget::tab-bar { left: 12px; }
QTabBar { background: $card; qproperty-drawBase: 0; font-weight: 500; }
QTabBar::tab {
    background: transparent; color: $ink_soft; border: none; border-bottom: 2px solid transparent;
    padding: 11px 2px 9px 2px; margin: 0 10px;
}
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $accent_text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent_text; background: $hover; }
QTabBar::tab:disabled { color: $edge; }

/* scroll bars */
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $ink_soft; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

/* menus, bars, windows */
QMenuBar { background: $card; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 5px 9px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $card; border: 1px solid $edge; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 14px; border-radius: 4px; background: transparent; }
QMenu::item:selected { background: $chosen; color: $ink; }
QMenu::item:disabled { color: $ink_soft; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::indicator { left: 5px; }
QMenu::right-arrow { image: url($icons/arrow-right.svg); width: 14px; height: 14px; }
QStatusBar { background: $card; color: $ink_soft; border-top: 1px solid $line; font-size: 12px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $ink_soft; font-size: 12px; padding: 4px 10px; }
QDialog { background: $paper; }
QDialog[kind="sheet"] { background: $card; border: 1px solid $edge; }

/* calendar */
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $card; }
QCalendarWidget QToolButton { color: $ink; font-weight: 600; padding: 4px 8px; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: url($icons/arrow-left.svg); }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: url($icons/arrow-right.svg); }
QCalendarWidget QAbstractItemView {
    background: $card; selection-background-color: $accent_fill; selection-color: $on_accent;
}
QCalendarWidget QTableView::item { border: none; padding: 0; }
QCalendarWidget QTableView::item:selected {
    background: $accent_fill; color: $on_accent; border-radius: 6px;
}
QCalendarWidget QSpinBox { padding: 2px 4px; min-height: 16px; }
"""
