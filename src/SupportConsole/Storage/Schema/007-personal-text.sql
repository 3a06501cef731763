-- Names and free text of an event, beside its body: UTF-8 JSON of two groups, by (who acted) and about (whom and what it was about), each
-- with a salt of its own, or with the instant when it was erased. The body holds a commitment to each, so whatever is changed here past
-- the console is seen. NULL where an event has none, and in events from before, which have it all in the body.
ALTER TABLE audit_event ADD COLUMN personal BLOB;

-- Erasures of one person, each told of by the event audit.erased at its seq. They go through the events before it, in pieces: come is how
-- far, and what a stop leaves in between is found by finished and brought to its end.
CREATE TABLE audit_erasure (
    seq        INTEGER PRIMARY KEY,
    collection TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    come       INTEGER NOT NULL DEFAULT 0,
    erased     INTEGER NOT NULL DEFAULT 0,
    remaining  INTEGER NOT NULL DEFAULT 0,
    finished   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An event is never changed, but that an erasure under way takes names and texts from those before it.
DROP TRIGGER audit_event_is_never_changed;
CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON audit_event
WHEN OLD.personal IS NULL OR NEW.personal IS NULL
    OR NOT EXISTS (SELECT 1 FROM audit_erasure WHERE finished = 0 AND seq > OLD.seq)
    OR NEW.seq IS NOT OLD.seq OR NEW.time IS NOT OLD.time OR NEW.type IS NOT OLD.type OR NEW.outcome IS NOT OLD.outcome
    OR NEW.actor IS NOT OLD.actor OR NEW.subject IS NOT OLD.subject OR NEW.session IS NOT OLD.session
    OR NEW.leaf IS NOT OLD.leaf OR NEW.body IS NOT OLD.body
BEGIN SELECT RAISE(ABORT, 'an audit event is never changed'); END;
