"""What is done with people: who they are, who read of them and why, what others may ask, and how they are erased."""
