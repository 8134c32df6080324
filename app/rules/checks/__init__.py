"""The checks a pack must pass before it counts, and warnings of unusual figures."""
