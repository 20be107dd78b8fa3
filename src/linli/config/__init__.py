"""Floor 6: settings, urls, wsgi, and the folder of an installation."""

from __future__ import annotations

import os
from pathlib import Path


def setup(home: Path | None = None) -> Path:
    """Configure Django for the installation in `home` and return that folder.

    Without `home`: `$LINLI_HOME`, else `~/.linli`. One process serves one installation: a second
    call with another folder raises RuntimeError. The folder need not exist; `linli init` makes it.
    """
    import django
    from django.conf import settings

    if home is not None and not settings.configured:
        # Packs read the variable too, so that both floors look into the same folder.
        os.environ["LINLI_HOME"] = str(home.expanduser().resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    django.setup()
    place = Path(settings.LINLI_HOME)
    if home is not None and home.expanduser().resolve() != place:
        raise RuntimeError(f"this process already serves {place}")
    return place
