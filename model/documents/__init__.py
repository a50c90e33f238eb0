"""Documents about one patient: worksheet and summary."""
