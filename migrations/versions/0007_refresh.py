"""Why a verification asks registers anew."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE verification ADD COLUMN refresh_reason text")


def downgrade() -> None:
    raise NotImplementedError("records are kept; a later revision puts right what this one got wrong")
