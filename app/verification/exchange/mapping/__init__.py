"""One platform's fields and codes, translated to the contract and back."""
