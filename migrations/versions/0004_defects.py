"""Jobs of two kinds: replays, and searches for what a defect did."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE replay_job ADD COLUMN kind text NOT NULL DEFAULT 'replay'")


def downgrade() -> None:
    raise NotImplementedError("what was found is kept; a later revision puts right what this one got wrong")
