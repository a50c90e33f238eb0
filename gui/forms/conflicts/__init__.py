"""Forms of laboratory results: all of one day, and one by itself."""
