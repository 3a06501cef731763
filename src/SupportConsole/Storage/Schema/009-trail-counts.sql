-- How many events there are, by the quarter of an hour (of 1970, UTC) in which they happened, by type and by outcome: what the chart of the
-- trail is drawn from, whose days begin where the reader is. Counted where events are indexed and in the same commits, in pieces; events of
-- a database from before this are made up for by the same pieces.
CREATE TABLE audit_count (
    quarter INTEGER NOT NULL,
    type    TEXT    NOT NULL,
    outcome INTEGER NOT NULL,
    events  INTEGER NOT NULL CHECK (events > 0),
    PRIMARY KEY (quarter, type, outcome)
) STRICT, WITHOUT ROWID;

-- Up to where events have been counted.
CREATE TABLE audit_counted (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO audit_counted (id, seq) VALUES (1, 0);

CREATE TRIGGER audit_count_only_grows BEFORE UPDATE ON audit_count
WHEN NEW.quarter <> OLD.quarter OR NEW.type <> OLD.type OR NEW.outcome <> OLD.outcome OR NEW.events <= OLD.events
BEGIN SELECT RAISE(ABORT, 'a count only grows'); END;

CREATE TRIGGER audit_count_is_never_removed BEFORE DELETE ON audit_count
BEGIN SELECT RAISE(ABORT, 'a count is never removed'); END;

CREATE TRIGGER audit_count_is_never_replaced BEFORE INSERT ON audit_count
WHEN EXISTS (SELECT 1 FROM audit_count WHERE quarter = NEW.quarter AND type = NEW.type AND outcome = NEW.outcome)
BEGIN SELECT RAISE(ABORT, 'a count is never replaced'); END;

-- No event is counted twice, nor passed over.
CREATE TRIGGER audit_counted_only_goes_on BEFORE UPDATE ON audit_counted
WHEN NEW.seq < OLD.seq OR NEW.seq > (SELECT seq FROM audit_found)
BEGIN SELECT RAISE(ABORT, 'counting never passes over an event'); END;

CREATE TRIGGER audit_counted_is_never_removed BEFORE DELETE ON audit_counted
BEGIN SELECT RAISE(ABORT, 'counting never forgets how far it has come'); END;
