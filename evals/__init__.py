"""What measures: retrieval on public sets, the speed of the program, and the engines' alternatives."""
