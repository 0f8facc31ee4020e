-- Releases that somebody said came out: when, and where to read about them. Versions that were never announced are
-- known by their first download, which ClickHouse has.

CREATE TABLE releases (
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    at      BIGINT NOT NULL,
    url     TEXT NOT NULL,              -- empty where none was given
    notes   TEXT NOT NULL,
    PRIMARY KEY (package, version)
);
