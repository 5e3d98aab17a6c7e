"""What pages of regions, and of what regions name, found, in a sentence or two each."""
