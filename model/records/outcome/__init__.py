"""What became of a patient and of the treatment, by records of every kind."""
