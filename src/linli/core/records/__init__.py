"""Records, their quantities and their versions."""
