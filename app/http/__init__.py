"""The parts that all routers share: problems, languages, bodies, authentication, idempotency, OpenAPI's extras."""
