"""Rules of social assistance as data, and the engine that runs them; no web framework, database, clock or network."""
