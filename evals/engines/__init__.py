"""The engine choices of docs/adr/, measured again: every contender on the same input, in turns, in one run."""
