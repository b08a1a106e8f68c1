"""The chat: questions and cited answers in a full-screen terminal interface. `app` is where it begins."""
