"""Publications of rules and what became of them: only ever added."""

from typing import Final

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES: Final = (
    """
    CREATE TABLE publication (
        id uuid PRIMARY KEY,
        form text NOT NULL,
        jurisdiction text NOT NULL,
        packs text[] NOT NULL,
        base text[] NOT NULL,
        note text,
        submitted_by text NOT NULL,
        submitted_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX publication_place ON publication (jurisdiction text_pattern_ops)",
    """
    CREATE TABLE publication_outcome (
        publication uuid PRIMARY KEY,
        sequence bigint NOT NULL UNIQUE,
        outcome text NOT NULL,
        decided_by text NOT NULL,
        decided_at timestamptz NOT NULL,
        known_from timestamptz,
        reason text
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in ("publication", "publication_outcome"):
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
    raise NotImplementedError("publications are kept; a later revision puts right what this one got wrong")
