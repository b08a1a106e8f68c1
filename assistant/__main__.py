"""`python -m assistant` is `posology`."""

from assistant.front_door import main

main()
