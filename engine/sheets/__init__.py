"""The maps of a layer as one picture: levels, colors, layout and statistics."""
