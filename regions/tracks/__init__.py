"""The tracks of a plan as rows: shown on pages, and edited in one table."""
