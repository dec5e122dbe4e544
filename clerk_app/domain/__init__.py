"""What a case is: the words and rules of the office, with the standard library only."""
