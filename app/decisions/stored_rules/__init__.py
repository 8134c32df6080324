"""The rules decisions rest on: packs in force, rulesets kept for ever, records computed again by them."""
