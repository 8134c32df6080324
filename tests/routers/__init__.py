"""The service over HTTP, called in this process."""
