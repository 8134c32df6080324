"""Results in words: the API's answer, sentences for the family, documents and articles."""
