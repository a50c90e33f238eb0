"""Theme, icons and colour schemes."""
