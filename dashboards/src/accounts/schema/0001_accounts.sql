-- Users, what lets them in, and what they did. The same text makes the tables in SQLite and in PostgreSQL:
-- identifiers and digests are hexadecimal text, times are seconds since 1970 unless it says otherwise,
-- lists are JSON.

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL UNIQUE, -- in lower case
    role          TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer', 'guest')),
    packages      TEXT NOT NULL,        -- that a guest may see; null is all
    password      TEXT NOT NULL,        -- Argon2id, PHC string
    totp_secret   TEXT NOT NULL,        -- empty unless a second factor is on
    totp_step     BIGINT NOT NULL,      -- the last one whose code was taken
    created_at    BIGINT NOT NULL
);

CREATE TABLE sessions (
    token      TEXT PRIMARY KEY,        -- SHA-256 of what the browser keeps
    id         TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);

CREATE INDEX sessions_of_user ON sessions (user_id);

-- Links that work once: to a new account, or, where user_id is set, to a new password of that one.
CREATE TABLE invitations (
    token      TEXT PRIMARY KEY,        -- SHA-256 of what the link has
    id         TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL,
    packages   TEXT NOT NULL,
    user_id    TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_by TEXT NOT NULL,           -- a name
    expires_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    token      TEXT PRIMARY KEY,        -- SHA-256 of what the program keeps
    id         TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    packages   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_day   TEXT NOT NULL            -- UTC day of the last use; empty before the first
);

CREATE INDEX tokens_of_user ON tokens (user_id);

CREATE TABLE recovery_codes (
    code    TEXT NOT NULL,              -- SHA-256
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, code)
);

CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      BIGINT NOT NULL,            -- microseconds since 1970
    user_id TEXT NOT NULL,              -- empty for the command line
    name    TEXT NOT NULL,              -- as it was then
    action  TEXT NOT NULL,
    object  TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);
