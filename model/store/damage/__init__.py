"""Damaged casebooks: what their pages tell, and what can be read of them."""
