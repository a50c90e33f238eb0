"""The course of one patient: lanes, trends and the overlay by cycle."""
