"""Facts found by rule in any document's sentences and table rows. `corpus.extract` is the door to these rooms."""
