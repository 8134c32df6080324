"""The rules in force as people read them: places, standards, rules, differences, rule pages."""
