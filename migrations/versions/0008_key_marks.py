"""Marks of keys: which keys the database was written with."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE key_mark (
            name text NOT NULL,
            mark text NOT NULL,
            since timestamptz NOT NULL,
            reason text,
            PRIMARY KEY (name, mark)
        )
        """
    )
    op.execute(
        "CREATE TRIGGER key_mark_kept BEFORE UPDATE OR DELETE ON key_mark FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER key_mark_whole BEFORE TRUNCATE ON key_mark FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON key_mark TO doudi_app")


def downgrade() -> None:
    raise NotImplementedError("marks are kept; a later revision puts right what this one got wrong")
