"""Reports as PDF and on paper: worksheet, patient summary and cohort report."""
