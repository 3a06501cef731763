-- Each sign-in and its end, so that a copied cookie is worth nothing after the sign-out.
CREATE TABLE sign_in (
    id         TEXT PRIMARY KEY,
    staff_id   TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT, WITHOUT ROWID;
