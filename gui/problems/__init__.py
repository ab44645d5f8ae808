"""The list of everything in the network that does not fit."""
