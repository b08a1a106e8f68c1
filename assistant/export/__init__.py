"""Conversations and their references in forms that leave the program: Markdown, JSON, plain text, BibTeX, RIS."""
