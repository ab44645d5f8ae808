"""Fields, sliders and choices that take only what is legal."""
