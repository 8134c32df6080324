"""Watching over what was decided: reviews that are due, what happened to people since, who is likely eligible too."""
