-- API keys, a row each. What identifies the token is the beginning of its hash; the token itself is nowhere. phase is the step last
-- written down before it was taken: what a stop leaves in between is found by it and brought to an end.
CREATE TABLE api_key (
    id              TEXT PRIMARY KEY,
    collection      TEXT    NOT NULL,
    record          TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    purpose         TEXT    NOT NULL,
    owner           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    created_by      TEXT    NOT NULL,
    created_by_name TEXT    NOT NULL,
    expires_at      INTEGER,
    phase           TEXT    NOT NULL,
    fingerprint     TEXT,
    waits_until     INTEGER,
    approved_by     TEXT,
    suspended_at    INTEGER,
    replaces        TEXT,
    revoke_at       INTEGER,
    revoked_by      TEXT,
    revoked_by_name TEXT,
    revoke_reason   TEXT,
    revoked_at      INTEGER,
    proof           TEXT,
    warned_days     INTEGER
) STRICT, WITHOUT ROWID;

-- What has yet to come to an end; the keeper looks at it every few seconds.
CREATE INDEX api_key_unfinished ON api_key (phase) WHERE phase NOT IN ('Dropped', 'Revoked');
