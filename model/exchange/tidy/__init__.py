"""The tidy CSV folder, read and written."""
