"""Lists that narrow while a person types."""
