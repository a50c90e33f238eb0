"""Count the tables and figures of a cohort from data frames."""
