"""The flow from picture to output: rows, edges, lanes, and what is dragged onto them."""
