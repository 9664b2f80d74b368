"""The same work in other engines, compared: `python -m benchmarks`."""
