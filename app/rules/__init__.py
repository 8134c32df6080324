"""The heart: rules as data, and the engine that runs them. Pure: no web framework, database, clock or network."""
