"""The same work in other engines, side by side: `python -m benchmarks`."""
