-- The hashes of the trail's tree, as tiles of 256 (C2SP tlog-tiles): of level 0 the leaves of 256 events, of level 1 the roots of 256
-- events each, and so on. A tile of level 0 is written when it is full, in the commit of its last event; the one above it grows by one
-- then. The leaves of the last, unfinished one are those of its events.
CREATE TABLE audit_tile (
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB    NOT NULL,
    PRIMARY KEY (level, number)
) STRICT;

CREATE TRIGGER audit_tile_only_grows BEFORE UPDATE ON audit_tile
WHEN NEW.level <> OLD.level OR NEW.number <> OLD.number OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'a tile only grows'); END;

CREATE TRIGGER audit_tile_is_never_removed BEFORE DELETE ON audit_tile
BEGIN SELECT RAISE(ABORT, 'a tile is never removed'); END;

-- What the log is called on its checkpoints, for ever.
CREATE TABLE audit_log (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL
) STRICT;

-- Each key that checkpoints were signed with. retired is the size of the first checkpoint that it no longer signed.
CREATE TABLE audit_key (
    verifier TEXT PRIMARY KEY,
    since    INTEGER NOT NULL,
    retired  INTEGER
) STRICT, WITHOUT ROWID;

-- Each checkpoint that was signed. published is 1 once it lies in the folder outside.
CREATE TABLE audit_checkpoint (
    size      INTEGER PRIMARY KEY,
    made_at   INTEGER NOT NULL,
    note      TEXT    NOT NULL,
    published INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX audit_checkpoint_unpublished ON audit_checkpoint (size) WHERE published = 0;

-- What each witness cosigned last, and why it hasn't since. alarm says how it contradicts the log, which stands until it cosigns again;
-- fault why nothing could be had from it; since is when the first of these came. The cosignatures stand on the checkpoints.
CREATE TABLE audit_witness (
    verifier  TEXT PRIMARY KEY,
    size      INTEGER NOT NULL DEFAULT 0,
    signed_at INTEGER,
    alarm     TEXT,
    fault     TEXT,
    since     INTEGER
) STRICT, WITHOUT ROWID;

-- The last verification; one that failed stays until another one finds everything in order again.
CREATE TABLE audit_verification (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    at      INTEGER NOT NULL,
    size    INTEGER NOT NULL,
    verdict TEXT    NOT NULL
) STRICT;
