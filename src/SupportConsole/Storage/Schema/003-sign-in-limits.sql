-- When the person last proved who they are, as the provider says; NULL where it didn't say. And when they last did anything.
ALTER TABLE sign_in ADD COLUMN proven_at INTEGER;
ALTER TABLE sign_in ADD COLUMN seen_at   INTEGER NOT NULL DEFAULT 0;
UPDATE sign_in SET seen_at = started_at;

-- Those that stand, for whoever looks for the ones that have grown too old.
CREATE INDEX sign_in_standing ON sign_in (seen_at) WHERE ended_at IS NULL;
