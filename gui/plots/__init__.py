"""Charts: pyqtgraph, wrapped. Imported when the first of them is shown, as it takes a while."""
