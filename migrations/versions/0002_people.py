"""People: whose identities are whose, by which key they are sealed, what was erased, and who read what."""

from typing import Final

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Keys of identities from before this revision are wrapped by the key in identities.key.
TABLES: Final = """
ALTER TABLE identity ADD COLUMN ref text;
ALTER TABLE identity ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
ALTER TABLE identity ALTER COLUMN sensitive DROP DEFAULT;
CREATE INDEX identity_ref ON identity (ref);
CREATE INDEX identity_by_key ON identity (key);
ALTER TABLE identity_key ADD COLUMN master text NOT NULL DEFAULT 'identities';
ALTER TABLE identity_key ALTER COLUMN master DROP DEFAULT;
CREATE TABLE master_key (
    id text PRIMARY KEY,
    since timestamptz NOT NULL
);
INSERT INTO master_key (id, since) VALUES ('identities', now());
CREATE TABLE person_mark (
    master text NOT NULL,
    mark bytea NOT NULL,
    ref text NOT NULL,
    PRIMARY KEY (master, mark)
);
CREATE INDEX person_mark_ref ON person_mark (ref);
CREATE TABLE erasure (
    ref text PRIMARY KEY,
    at timestamptz NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL
);
CREATE TABLE access_log (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    subject text NOT NULL,
    roles text[] NOT NULL,
    areas text[] NOT NULL,
    action text NOT NULL,
    purpose text NOT NULL,
    jurisdiction text NOT NULL,
    sensitive boolean NOT NULL,
    decisions uuid[] NOT NULL,
    persons text[] NOT NULL,
    household_ref text
);
CREATE INDEX access_log_at ON access_log (at, id);
CREATE INDEX access_log_subject ON access_log (subject);
CREATE INDEX access_log_decisions ON access_log USING gin (decisions);
CREATE INDEX access_log_persons ON access_log USING gin (persons);
"""

INSERT_ONLY: Final = ("erasure", "access_log")

GUARD: Final = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON {table} TO doudi_app;
"""

GRANTS: Final = """
GRANT SELECT, INSERT, DELETE ON master_key TO doudi_app;
GRANT SELECT, INSERT, DELETE ON person_mark TO doudi_app;
"""

# What is deleted is cleared away: the service may vacuum these tables where PostgreSQL knows such a right.
MAINTAIN: Final = """
DO $$ BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        EXECUTE 'GRANT MAINTAIN ON identity_key, person_mark TO doudi_app';
    END IF;
END $$
"""


def upgrade() -> None:
    each_of(TABLES)
    for table in INSERT_ONLY:
        each_of(GUARD.format(table=table))
    each_of(GRANTS)
    op.execute(MAINTAIN)


def each_of(script: str) -> None:
    """Runs statements one by one: the driver takes one at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("records are kept; a later revision puts right what this one got wrong")
