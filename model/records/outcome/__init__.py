"""What became of a patient, by records of every kind."""
