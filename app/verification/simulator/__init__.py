"""A platform that is not one: invented registers behind the protocol of a real platform, for trying the service."""
