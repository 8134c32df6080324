"""HTTP only: validate, call one function of the parts below, shape the answer."""
