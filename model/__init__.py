"""Everything about medicine and data. Nothing here imports Qt."""
