"""The pseudonymised export."""
