"""The Course tab: plots, tables, and the cards next to them."""
