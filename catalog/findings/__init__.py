"""What pages of the catalogue found, in a sentence or two each."""
