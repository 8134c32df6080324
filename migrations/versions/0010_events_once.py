"""The same event with other details is another alert: who joined may be known later than that somebody did."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE alert DROP CONSTRAINT alert_decision_person_kind_day_key")
    op.execute(
        "CREATE UNIQUE INDEX alert_once ON alert (decision, person, kind, day, md5(coalesce(details::text, 'null')))"
    )


def downgrade() -> None:
    raise NotImplementedError("records are kept; a later revision puts right what this one got wrong")
