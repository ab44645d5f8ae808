"""How a picture is brought, cropped and said to be."""
