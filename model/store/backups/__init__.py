"""Backups: their files, how they are written, thinned and restored."""
