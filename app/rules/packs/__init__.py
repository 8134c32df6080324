"""Rule packs: YAML read and linked to a library of parameters, rules and programmes."""
