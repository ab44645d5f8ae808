"""Two networks, or two layers, on one picture."""
