"""Records, their log, rulesets, identities, replay: the tables, who may do what to them, and their months."""

from typing import Final

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES: Final = """
-- No unique constraint of these two is without the jurisdiction: they can be distributed by it.
CREATE TABLE record (
    jurisdiction text NOT NULL,
    month date NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    decision uuid NOT NULL,
    origin text NOT NULL,
    log_index bigint NOT NULL,
    body bytea NOT NULL,
    digest bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (jurisdiction, month, id)
) PARTITION BY RANGE (month);
CREATE INDEX record_id ON record (id);
CREATE INDEX record_decision ON record (decision);
CREATE INDEX record_log ON record (origin, log_index);

CREATE TABLE decision (
    jurisdiction text NOT NULL,
    month date NOT NULL,
    id uuid NOT NULL,
    division text NOT NULL,
    case_number text,
    household_ref text,
    kind text NOT NULL,
    date date NOT NULL,
    accepted_on date,
    ruleset text NOT NULL,
    engine text NOT NULL,
    scope text NOT NULL,
    outcomes text[] NOT NULL,
    corrects uuid,
    succeeds uuid,
    PRIMARY KEY (jurisdiction, month, id)
) PARTITION BY RANGE (month);
CREATE INDEX decision_id ON decision (id);
CREATE INDEX decision_household ON decision (household_ref);
CREATE INDEX decision_case ON decision (case_number);
CREATE INDEX decision_ruleset ON decision (ruleset);
CREATE INDEX decision_date ON decision (date);
CREATE INDEX decision_corrects ON decision (corrects);
CREATE INDEX decision_succeeds ON decision (succeeds);
CREATE INDEX decision_place ON decision (jurisdiction text_pattern_ops);

CREATE TABLE log_node (
    origin text NOT NULL,
    level smallint NOT NULL,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (origin, level, position)
);
CREATE TABLE checkpoint (
    origin text NOT NULL,
    size bigint NOT NULL,
    body text NOT NULL,
    signature bytea NOT NULL,
    key text NOT NULL,
    PRIMARY KEY (origin, size)
);
CREATE TABLE ruleset (
    hash text PRIMARY KEY,
    engine text NOT NULL,
    content text NOT NULL,
    packs text[] NOT NULL,
    resolved jsonb NOT NULL,
    stored_at timestamptz NOT NULL
);
CREATE TABLE pack (
    digest text PRIMARY KEY,
    division text NOT NULL,
    body text NOT NULL
);
CREATE TABLE scope (
    id text PRIMARY KEY,
    ruleset text NOT NULL,
    programmes text[] NOT NULL,
    rules text[] NOT NULL,
    parameters text[] NOT NULL,
    documents text[] NOT NULL
);
CREATE INDEX scope_rules ON scope USING gin (rules);
CREATE INDEX scope_parameters ON scope USING gin (parameters);
CREATE INDEX scope_documents ON scope USING gin (documents);
CREATE TABLE idempotency (
    key text PRIMARY KEY,
    request bytea NOT NULL,
    record uuid NOT NULL,
    month date NOT NULL,
    at timestamptz NOT NULL
);
CREATE TABLE identity (
    decision uuid NOT NULL,
    person text NOT NULL,
    key uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (decision, person)
);
CREATE TABLE identity_key (
    id uuid PRIMARY KEY,
    wrapped bytea NOT NULL
);
CREATE TABLE replay_job (
    id uuid PRIMARY KEY,
    filter jsonb NOT NULL,
    against jsonb NOT NULL,
    state text NOT NULL,
    cursor uuid,
    total bigint NOT NULL,
    done bigint NOT NULL,
    counts jsonb NOT NULL,
    problem text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE replay_result (
    job uuid NOT NULL,
    decision uuid NOT NULL,
    class text NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (job, decision)
);
CREATE TABLE finding (
    decision uuid NOT NULL,
    programme text NOT NULL,
    person text NOT NULL,
    month date NOT NULL,
    job uuid NOT NULL,
    fen bigint NOT NULL,
    PRIMARY KEY (decision, programme, person, month, job)
);
"""

INSERT_ONLY: Final = (
    "record",
    "decision",
    "log_node",
    "checkpoint",
    "ruleset",
    "pack",
    "scope",
    "idempotency",
    "identity",
    "replay_result",
    "finding",
)

REFUSAL: Final = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# Row triggers of a partitioned table pass to its partitions, those to come included; triggers on TRUNCATE do not.
GUARD: Final = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# With the owner's rights, for the service to call. What it may be talked into: empty partitions of a hundred years.
MONTHS: Final = """
CREATE FUNCTION ensure_months(first date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    parent text;
    partition text;
    since date;
    until date;
    strays boolean;
    made integer := 0;
BEGIN
    IF first IS NULL OR months IS NULL OR months < 0 OR months > 1200 THEN
        RAISE EXCEPTION 'ensure_months takes a day and 0 to 1200 months' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR i IN 0 .. months - 1 LOOP
        since := date_trunc('month', first::timestamp) + make_interval(months => i);
        until := since + interval '1 month';
        FOREACH parent IN ARRAY ARRAY['record', 'decision'] LOOP
            partition := parent || '_' || to_char(since, 'YYYYMM');
            CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
            -- Two services may start at once: the second waits, and then looks again.
            PERFORM pg_advisory_xact_lock(hashtext('doudi.ensure_months'));
            CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
            -- Rows of a month that had no partition lie in the default one, which keeps that month: they stay unmoved.
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE month >= %L AND month < %L)',
                           parent || '_default', since, until) INTO strays;
            IF strays THEN
                RAISE WARNING '% keeps rows of %', parent || '_default', to_char(since, 'YYYY-MM');
                CONTINUE;
            END IF;
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                           partition, parent, since, until);
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT '
                           'EXECUTE FUNCTION public.refuse_change()', parent || '_whole', partition);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
"""

GRANTS: Final = """
REVOKE ALL ON FUNCTION ensure_months(date, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION refuse_change() FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO doudi_app;
GRANT EXECUTE ON FUNCTION ensure_months(date, integer) TO doudi_app;
GRANT SELECT, DELETE, INSERT ON identity_key TO doudi_app;
GRANT SELECT, INSERT, UPDATE ON replay_job TO doudi_app;
"""


def upgrade() -> None:
    each_of(TABLES)
    op.execute(REFUSAL)
    for table in ("record", "decision"):
        op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}_default "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table in INSERT_ONLY:
        each_of(GUARD.format(table=table))
        op.execute(f"GRANT SELECT, INSERT ON {table} TO doudi_app")
    op.execute(MONTHS)
    each_of(GRANTS)


def each_of(script: str) -> None:
    """Runs statements one by one: the driver takes one at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("records are kept; a later revision puts right what this one got wrong")
