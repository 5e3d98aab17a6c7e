"""Measures the tracker against stated baselines, side by side in one run (docs/performance.md)."""
