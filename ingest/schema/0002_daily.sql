-- What each package's version had in a UTC day, by kind and audience; kept for ever.
--
-- Every event is in here once, although a view feeds it and a table and its views are not written
-- as one: an engine killed between the two leaves events without their counts. Sending the batch
-- again with its token then skips the blocks that `events` has and fills in those that are missing
-- here. That needs a window of this table's own; without one every retry would count again.
--
-- Partitioned as `events` is, so that a month can be rebuilt from it and put in place in one step.
CREATE TABLE IF NOT EXISTS daily (
    package  LowCardinality(String),
    day      Date CODEC(Delta(2), ZSTD(1)),
    kind     Enum8('download' = 1, 'check' = 2, 'metadata' = 3, 'inspect' = 4, 'mirror' = 5, 'script' = 6, 'install_ping' = 7, 'view' = 8, 'custom' = 9, 'broken_link' = 10),
    version  LowCardinality(String),
    audience Enum8('unknown' = 0, 'people' = 1, 'ci' = 2, 'mirror' = 3, 'updater' = 4, 'bot' = 5, 'proxy' = 6),

    -- All events, and those among them that were not answered with an error.
    requests SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    answered SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    bytes    SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    -- A few bytes a visitor while there are few, at most 96 KiB. An id lives for one day, so days add up.
    visitors AggregateFunction(uniqCombined64, UInt32) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (package, day, kind, version, audience)
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS daily_from_events TO daily AS
SELECT
    package,
    toDate(time) AS day,
    kind,
    version,
    audience,
    count() AS requests,
    countIf(status < 400) AS answered,
    sum(events.bytes) AS bytes,
    uniqCombined64StateIf(visitor, visitor != 0 AND status < 400) AS visitors
FROM events
GROUP BY package, day, kind, version, audience;
