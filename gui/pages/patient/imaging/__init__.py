"""The Imaging tab."""
