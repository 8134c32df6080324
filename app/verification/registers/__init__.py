"""The registers that can be asked, the facts each reports, how long a report holds."""
