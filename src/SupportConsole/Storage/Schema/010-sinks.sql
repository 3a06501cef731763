-- What takes the trail out of the house as it grows, by its name: position is the newest event that it has. configured is 1 while the
-- settings name it; one that they no longer name keeps its place. fault says why it takes nothing, and since when.
CREATE TABLE audit_sink (
    name       TEXT PRIMARY KEY,
    position   INTEGER NOT NULL,
    configured INTEGER NOT NULL DEFAULT 1,
    fault      TEXT,
    since      INTEGER
) STRICT, WITHOUT ROWID;
