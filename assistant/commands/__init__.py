"""What the commands do; `assistant.cli` declares them. Each module is imported only when its command runs."""
