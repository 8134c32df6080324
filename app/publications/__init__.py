"""Publishing rules: a pack or a change of values is submitted, checked, compared, approved by a second person, and then
counts for later knowledge."""
