"""The figures and the report of a community that recorded 100,000 pieces of work in a year."""
