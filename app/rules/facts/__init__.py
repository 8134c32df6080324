"""The facts of a household: their models, the request that carries them, their JSON Schema."""
