"""The patient list, the header and the page of one patient."""
