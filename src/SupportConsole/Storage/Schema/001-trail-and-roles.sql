-- Instants are INTEGER microseconds since 1970, UTC.

-- The trail. body holds the canonical bytes and is the truth; the columns beside it only find it again. actor, subject and
-- session are 64-bit fingerprints of what they stand for: an index of numbers takes a quarter of the time and room of one of
-- 73-letter ids, and what shares a number by chance is told apart by the body.
CREATE TABLE audit_event (
    seq     INTEGER PRIMARY KEY CHECK (seq >= 1),
    time    INTEGER NOT NULL,
    type    TEXT    NOT NULL,
    outcome INTEGER NOT NULL,
    actor   INTEGER NOT NULL,
    subject INTEGER,
    session INTEGER,
    leaf    BLOB    NOT NULL,
    body    BLOB    NOT NULL
) STRICT;

CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'an audit event is never changed'); END;

CREATE TRIGGER audit_event_is_never_removed BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'an audit event is never removed'); END;

-- INSERT OR REPLACE removes without firing the trigger above.
CREATE TRIGGER audit_event_is_never_replaced BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'an audit event is never replaced'); END;

-- Which sessions are open, and who was last viewed when: rare events, indexed at once.
CREATE INDEX audit_session_bounds ON audit_event (session, type) WHERE type IN ('session.opened', 'session.ended');
CREATE INDEX audit_last_view      ON audit_event (subject, seq)  WHERE type = 'session.opened';

-- Each start closes what the one before left open, so the next one looks no further back than the last start.
CREATE INDEX audit_lives ON audit_event (type, seq) WHERE type IN ('system.started', 'session.opened');

-- What finds events by everything else. An append that had to keep seven indexes in order would write ten times as many pages, so
-- the writer adds to these in quiet moments, many events at a time, and whoever reads has it catch up first.
CREATE TABLE audit_find (
    seq     INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,
    type    TEXT    NOT NULL,
    outcome INTEGER NOT NULL,
    actor   INTEGER NOT NULL,
    subject INTEGER,
    session INTEGER
) STRICT;

-- Every filter of the audit page walks one of these in the page's own order: time, then seq, which each index ends in.
CREATE INDEX audit_by_time       ON audit_find (time);
CREATE INDEX audit_by_type       ON audit_find (type, time);
CREATE INDEX audit_done_by_type  ON audit_find (type, time) WHERE outcome = 0;
CREATE INDEX audit_by_actor      ON audit_find (actor, time);
CREATE INDEX audit_by_actor_type ON audit_find (actor, type, time);
CREATE INDEX audit_by_subject    ON audit_find (subject, time) WHERE subject IS NOT NULL;
CREATE INDEX audit_by_session    ON audit_find (session, time) WHERE session IS NOT NULL;
CREATE INDEX audit_refused          ON audit_find (outcome, time)        WHERE outcome <> 0;
CREATE INDEX audit_refused_by_type  ON audit_find (outcome, type, time)  WHERE outcome <> 0;
CREATE INDEX audit_refused_by_actor ON audit_find (outcome, actor, time) WHERE outcome <> 0;

-- Words of the trail. Nothing is stored but which word is in which event. The index itself serves prefixes of three letters; longer
-- ones of plain words are among its words.
CREATE VIRTUAL TABLE audit_text USING fts5 (
    words, content = '', detail = 'none', columnsize = 0, tokenize = 'ascii', prefix = '1 2 3');

-- Up to where audit_find and audit_text have come.
CREATE TABLE audit_found (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO audit_found (id, seq) VALUES (1, 0);

-- Who has signed in, as they were called at the last time.
CREATE TABLE staff (
    id         TEXT PRIMARY KEY,
    name       TEXT    NOT NULL,
    email      TEXT    NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each grant of a role and its end. A row is ended, never removed. until is when the grant lapses by itself.
CREATE TABLE role_grant (
    id              INTEGER PRIMARY KEY,
    staff_id        TEXT    NOT NULL,
    role            TEXT    NOT NULL,
    granted_at      INTEGER NOT NULL,
    granted_by      TEXT    NOT NULL,
    granted_by_name TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    until           INTEGER,
    ended_at        INTEGER,
    ended_by        TEXT,
    ended_by_name   TEXT,
    end_reason      TEXT
) STRICT;

CREATE UNIQUE INDEX role_held_once ON role_grant (staff_id, role) WHERE ended_at IS NULL;
CREATE INDEX role_history ON role_grant (staff_id, granted_at);
