"""One module per kind of record: its fields, its rules and its queries."""
