"""The main window and what starts, opens and closes with it."""
