"""The Course tab and the cards beside it."""
