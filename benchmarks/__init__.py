"""The same work in other engines, side by side."""
