"""The panel at the right: size, settings, cost, advice, weights and words of one layer."""
