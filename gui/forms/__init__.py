"""The dialogs that make and edit records, one record a file."""
