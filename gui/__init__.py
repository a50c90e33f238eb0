"""All that knows Qt, and nothing that knows SQL."""

from gui.overrides import guard_overrides

# Before any module below defines a subclass of Qt's classes, or imports one that does.
guard_overrides()
