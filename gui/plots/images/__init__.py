"""Key images: their pixels, window and zoom."""
