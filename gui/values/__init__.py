"""One value, taken apart below the flow."""
