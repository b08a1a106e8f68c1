"""What answers: it reads a question, gathers evidence, composes statements, and lets through what is supported."""
