"""How dates are shown: ISO 8601 in both languages, so that they read the same everywhere."""
