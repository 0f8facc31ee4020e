-- When each version of each package was first and last downloaded; kept for ever.
--
-- Both only ever move outwards, so what is counted again changes nothing here and no window is needed.
-- Of versions from before this table, the day is known.
CREATE TABLE IF NOT EXISTS releases (
    package    LowCardinality(String),
    version    String CODEC(ZSTD(1)),
    first_seen SimpleAggregateFunction(min, DateTime('UTC')) CODEC(ZSTD(1)),
    last_seen  SimpleAggregateFunction(max, DateTime('UTC')) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (package, version)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS releases_from_events TO releases AS
SELECT
    package,
    version,
    min(time) AS first_seen,
    max(time) AS last_seen
FROM events
WHERE kind = 'download' AND status < 400 AND version != ''
GROUP BY package, version;

INSERT INTO releases (package, version, first_seen, last_seen)
SELECT
    package,
    version,
    toDateTime(min(day), 'UTC'),
    toDateTime(max(day), 'UTC')
FROM daily
WHERE kind = 'download' AND answered > 0 AND version != ''
GROUP BY package, version;
