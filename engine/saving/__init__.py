"""Networks and projects as files: written whole, read with a sentence for whatever is wrong."""
