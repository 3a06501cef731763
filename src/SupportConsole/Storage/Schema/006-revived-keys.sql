-- A revoked key whose account comes back, from a backup or made again. marked is 1 where the revocation left something to tell the two
-- accounts apart by; revived_at is when the other one was found.
ALTER TABLE api_key ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_key ADD COLUMN revived_at INTEGER;
