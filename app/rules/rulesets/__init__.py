"""Place, day and knowledge lead to a ruleset: the rules and figures in force, with a hash."""
