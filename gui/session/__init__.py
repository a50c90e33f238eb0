"""The open casebook as the window sees it: session, background work, preferences."""
