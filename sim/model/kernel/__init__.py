"""Everything that is compiled to machine code; `NUMBA_DISABLE_JIT=1` runs the same sources as plain Python."""
