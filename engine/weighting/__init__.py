"""Where weights come from: seeds, named kernels, files, and edits by hand."""
