"""Floor 3: what people do, in apps that do not know each other."""
