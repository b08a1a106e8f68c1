"""Cells of any table, found by the names of their row and column: look-up, extremes, differences, ratios, counts."""
