"""Floor 6: settings, urls, wsgi."""
