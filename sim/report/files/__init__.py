"""Workbook, study documents and tables that are saved beside a run."""
