"""A move cannot be changed by a mere UPDATE; only its reason, with its salt, can be erased."""

from django.db import migrations

COLUMNS = (
    "id, case_id, seq, name, act, step_from, step_to, round, closing, within, unit, occurred,"
    " captured, received, actor, person_id, body_id, outcome, digest, said, incoming_id"
)
SQLITE = f"""
CREATE TRIGGER flows_move_append_only BEFORE UPDATE OF {COLUMNS} ON flows_move
BEGIN SELECT RAISE(ABORT, 'moves are append-only'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION flows_move_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'moves are append-only'; END $$;
CREATE TRIGGER flows_move_append_only BEFORE UPDATE OF {COLUMNS} ON flows_move
FOR EACH ROW EXECUTE FUNCTION flows_move_append_only()
"""


def make(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if postgresql else SQLITE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER flows_move_append_only ON flows_move")
        schema_editor.execute("DROP FUNCTION flows_move_append_only()")
    else:
        schema_editor.execute("DROP TRIGGER flows_move_append_only")


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
