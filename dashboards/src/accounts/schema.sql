CREATE TABLE IF NOT EXISTS users (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role       TEXT NOT NULL CHECK (role IN ('owner')),
    password   TEXT NOT NULL,    -- Argon2id, PHC string
    created_at INTEGER NOT NULL  -- seconds since 1970
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS one_owner ON users (role) WHERE role = 'owner';

CREATE TABLE IF NOT EXISTS sessions (
    token      BLOB PRIMARY KEY, -- SHA-256 of what the browser keeps
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
