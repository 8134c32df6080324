"""The engine: runs a ruleset on a household, on known facts exactly and on open facts in ranges."""
