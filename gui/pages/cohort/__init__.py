"""The cohort page: selection, tables, figures, and the patients behind each number."""
