"""The formula language: text to a typed tree."""
