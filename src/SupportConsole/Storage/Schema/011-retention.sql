-- Purges by the rule of retention, each told of by the event audit.purged at its seq: the events up to through go, whose hashes stay in the
-- tiles. gone is how far it has come; what a stop leaves in between is found by finished and brought to its end.
CREATE TABLE audit_purge (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    through  INTEGER NOT NULL CHECK (through < seq),
    gone     INTEGER NOT NULL CHECK (gone <= through),
    finished INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The purge that comes next, since when it is announced.
CREATE TABLE audit_purge_plan (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    at      INTEGER NOT NULL,
    through INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_purge_is_told_of BEFORE INSERT ON audit_purge
WHEN NOT EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq AND type = 'audit.purged')
BEGIN SELECT RAISE(ABORT, 'a purge is told of by an event'); END;

-- An event is never removed, nor what finds and counts it, but by a purge under way.
DROP TRIGGER audit_event_is_never_removed;
CREATE TRIGGER audit_event_is_never_removed BEFORE DELETE ON audit_event
WHEN NOT EXISTS (SELECT 1 FROM audit_purge WHERE finished = 0 AND through >= OLD.seq)
BEGIN SELECT RAISE(ABORT, 'an audit event is never removed'); END;

DROP TRIGGER audit_find_is_never_removed;
CREATE TRIGGER audit_find_is_never_removed BEFORE DELETE ON audit_find
WHEN NOT EXISTS (SELECT 1 FROM audit_purge WHERE finished = 0 AND through >= OLD.seq)
BEGIN SELECT RAISE(ABORT, 'what finds an event is never removed'); END;

DROP TRIGGER audit_count_only_grows;
CREATE TRIGGER audit_count_only_grows BEFORE UPDATE ON audit_count
WHEN NEW.quarter <> OLD.quarter OR NEW.type <> OLD.type OR NEW.outcome <> OLD.outcome
    OR (NEW.events <= OLD.events AND NOT EXISTS (SELECT 1 FROM audit_purge WHERE finished = 0))
BEGIN SELECT RAISE(ABORT, 'a count only grows'); END;

DROP TRIGGER audit_count_is_never_removed;
CREATE TRIGGER audit_count_is_never_removed BEFORE DELETE ON audit_count
WHEN NOT EXISTS (SELECT 1 FROM audit_purge WHERE finished = 0)
BEGIN SELECT RAISE(ABORT, 'a count is never removed'); END;
