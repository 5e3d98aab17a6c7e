"""Charts that the server draws: where each line and word stands."""
