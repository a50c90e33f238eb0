"""The input fields that forms are made of, one kind a file."""
