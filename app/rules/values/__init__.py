"""Values: exact money, ranges of open values, JSON numbers as they were written."""
