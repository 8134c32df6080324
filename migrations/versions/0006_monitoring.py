"""Monitoring: what happened to people of decided households, and what persons made of it."""

from typing import Final

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES: Final = (
    """
    CREATE TABLE alert (
        id uuid PRIMARY KEY,
        jurisdiction text NOT NULL,
        decision uuid NOT NULL,
        person text NOT NULL,
        kind text NOT NULL,
        day date NOT NULL,
        value text,
        evidence text,
        reported_at timestamptz NOT NULL,
        reported_by text NOT NULL,
        UNIQUE (decision, person, kind, day)
    )
    """,
    """
    CREATE TABLE alert_resolution (
        alert uuid PRIMARY KEY,
        subject text NOT NULL,
        at timestamptz NOT NULL,
        reason text NOT NULL
    )
    """,
    "CREATE INDEX verification_decision ON verification (decision, id) WHERE decision IS NOT NULL",
)
KEPT: Final = ("alert", "alert_resolution")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO doudi_app")


def downgrade() -> None:
    raise NotImplementedError("records are kept; a later revision puts right what this one got wrong")
