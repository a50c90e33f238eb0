"""Image files and response by RECIST."""
