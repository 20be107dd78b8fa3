"""The snapshot: immutable Parquet parts under ``home/snapshot`` and a manifest swapped by rename.

A part holds one partition (area bucket, year). A refresh writes only the partitions that changed
into a new generation folder and points at the old parts for the rest. Readers hold a lease on the
generation they read; a part is deleted when no living generation names it.
"""

from linli.insight.snapshot.manifest import Manifest
from linli.insight.snapshot.refresh import Snapshot

__all__ = ["Manifest", "Snapshot"]
