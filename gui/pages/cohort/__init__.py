"""The Cohort: who is counted, the tables, figures and what stands behind each number."""
