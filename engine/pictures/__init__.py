"""A person's picture: decoded, refused with a reason, and brought to the network's size."""
