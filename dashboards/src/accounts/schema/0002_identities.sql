-- Who signs in through a provider, and sessions that wait for a code of the second factor.

CREATE TABLE identities (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,           -- the provider's own name for somebody, which never changes
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    by_groups  BIGINT NOT NULL,         -- 1 where the provider's groups made the account and decide its role
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX identities_of_user ON identities (user_id);

ALTER TABLE sessions ADD COLUMN awaits_code BIGINT NOT NULL DEFAULT 0; -- 1 until the code was right
