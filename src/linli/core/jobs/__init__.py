"""Long work: asked for by an actor, done by a worker process, with progress anyone can read."""
