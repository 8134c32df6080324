"""What is reported with an event: who joins the household, in what kind of facility somebody is."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE alert ADD COLUMN details jsonb")


def downgrade() -> None:
    raise NotImplementedError("records are kept; a later revision puts right what this one got wrong")
