"""The file: casebook, steps, journal, schema, keys and backups."""
