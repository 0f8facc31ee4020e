-- What each package had in a UTC day, split by one property of the event, or by two that belong together.
--
-- One table with a row for each property instead of one table each: an insert then writes one part
-- more and not seven, which decides for the small batches of a quiet site (24,000 against 15,000 to
-- 20,000 events a second in batches of 2,000; 110,000 to 130,000 against 150,000 to 170,000 in
-- batches of 50,000). 2.5 bytes an event at 50 million, 3.7 at 20 million. No distinct counts: with
-- them such a table was larger than all others.
--
-- `property` comes first in the key because every question names one; with the package behind it, the
-- days of one package lie together.
CREATE TABLE IF NOT EXISTS splits (
    property Enum8('client' = 1, 'platform' = 2, 'country' = 3, 'release' = 4, 'artifact' = 5, 'page' = 6, 'source' = 7),
    package  LowCardinality(String),
    day      Date CODEC(Delta(2), ZSTD(1)),
    -- client, os, country, version_major, artifact, page, source
    value    LowCardinality(String),
    -- client_version, arch, nothing, channel, nothing, nothing, referrer_host
    detail   LowCardinality(String),
    kind     Enum8('download' = 1, 'check' = 2, 'metadata' = 3, 'inspect' = 4, 'mirror' = 5, 'script' = 6, 'install_ping' = 7, 'view' = 8, 'custom' = 9, 'broken_link' = 10, 'repeat' = 11),
    audience Enum8('unknown' = 0, 'people' = 1, 'ci' = 2, 'mirror' = 3, 'updater' = 4, 'bot' = 5, 'proxy' = 6),

    requests SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    answered SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    bytes    SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (property, package, day, value, detail, kind, audience)
TTL day + INTERVAL 25 MONTH
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS splits_from_events TO splits AS
SELECT
    split.1 AS property,
    package,
    toDate(time) AS day,
    split.2 AS value,
    split.3 AS detail,
    kind,
    audience,
    count() AS requests,
    countIf(status < 400) AS answered,
    sum(events.bytes) AS bytes
FROM events
ARRAY JOIN [
    ('client', toString(client), toString(client_version)),
    ('platform', toString(os), toString(arch)),
    ('country', toString(country), ''),
    ('release', toString(version_major), toString(channel)),
    ('artifact', toString(artifact), ''),
    ('page', page, ''),
    ('source', toString(source), toString(referrer_host))
] AS split
GROUP BY property, package, day, value, detail, kind, audience;
