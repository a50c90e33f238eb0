"""The tabs of the page of one patient."""
