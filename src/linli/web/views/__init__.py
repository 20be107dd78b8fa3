"""Pages, one noun a file. A view asks queries, calls actions and chooses a template; no rules."""
