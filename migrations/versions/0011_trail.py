"""The trail: what rows without a record in the log said when they were added; and the records of publishing by kind."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE trail (
            position bigint PRIMARY KEY,
            kind text NOT NULL,
            digest bytea NOT NULL,
            said jsonb
        )
        """
    )
    op.execute("CREATE INDEX trail_publishing ON trail (kind) WHERE kind LIKE 'publication%' OR kind = 'before'")
    op.execute(
        "CREATE TRIGGER trail_kept BEFORE UPDATE OR DELETE ON trail FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER trail_whole BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON trail TO doudi_app")
    op.execute(
        "CREATE INDEX record_publishing ON record (origin, log_index) "
        "WHERE kind IN ('publication', 'approval', 'rejection')"
    )


def downgrade() -> None:
    raise NotImplementedError("the trail is kept; a later revision puts right what this one got wrong")
