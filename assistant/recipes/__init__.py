"""How answers are composed: a small module for each way of answering, each a function that fills a draft."""
