"""What is kept of conversations: questions and answers, on this machine and for as long as wanted."""
