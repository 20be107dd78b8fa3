"""Floor 5: the door for operators."""
