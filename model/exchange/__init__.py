"""What comes into a casebook from files, and what leaves it as files."""
