"""Every size from the picture to the output, as one drawing."""
