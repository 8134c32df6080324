"""What stored decisions asked for: figures that left them open, and figures that officers typed in."""
