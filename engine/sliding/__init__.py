"""A window that slides over its input, or scatters into its output, and what follows from it."""
