"""Sentences and tables, as they are printed and as pages and workbooks take them."""
