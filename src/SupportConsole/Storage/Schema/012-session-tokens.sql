-- Tokens of view-as sessions that PocketBase's companion hook can be told to refuse: by the name that the hook gave each, from which nobody gets
-- the token. Written before the token is used, gone once PocketBase has confirmed that it refuses it, or the token has expired by itself; so
-- what a start finds of an earlier run (instance) is what that run couldn't tell PocketBase of.
CREATE TABLE session_token (
    token    TEXT PRIMARY KEY,
    session  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    expires  INTEGER NOT NULL,
    instance TEXT NOT NULL
) STRICT, WITHOUT ROWID;
