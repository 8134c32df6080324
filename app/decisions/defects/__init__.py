"""Defect notices: every decision that a wrong rule, figure, document or engine touched, and what it did to each."""
