"""What else could be: the lawful choices of a family, and the smallest change of a fact that flips a result."""
