"""`python -m assistant` is `posology`."""

from assistant.cli import main

main()
