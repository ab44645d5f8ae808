"""What several layer kinds share: one module per family, such as pooling or merging."""
