"""The large view of a map, beside the map that it reads."""
