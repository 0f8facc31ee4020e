-- How many people there were in a UTC day, as plain numbers: what is left when visitors are forgotten.
--
-- A distinct-count state holds hashes of 32-bit ids while there are few of them, and those can be
-- tried out. So `daily.visitors` is forgotten when the ids in `events` are, and the numbers are
-- written down here before. Distinct counts do not add up, so a day has one for each question that
-- can be asked of it later: whatever was done (`by` is nothing), by kind, by version, by both.
--
-- Counting a day again only ever finds more people, and the greater number stands. Whoever counts
-- need not know who has counted before, or whether somebody else does just now.
CREATE TABLE IF NOT EXISTS people (
    package LowCardinality(String),
    day     Date CODEC(Delta(2), ZSTD(1)),
    by      Enum8('nothing' = 0, 'version' = 1, 'kind' = 2, 'kind and version' = 3),
    -- Empty where they do not tell people apart.
    kind    LowCardinality(String),
    version LowCardinality(String),
    people  SimpleAggregateFunction(max, UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (package, day, by, kind, version)
TTL day + INTERVAL 25 MONTH
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;

-- What there is today, before it is forgotten.
INSERT INTO people (package, day, by, kind, version, people)
SELECT
    package,
    day,
    CAST(3 - grouping(kind, version) AS Enum8('nothing' = 0, 'version' = 1, 'kind' = 2, 'kind and version' = 3)) AS by,
    if(by IN ('kind', 'kind and version'), toString(kind), '') AS kind_name,
    if(by IN ('version', 'kind and version'), version, '') AS version_name,
    uniqCombined64Merge(visitors) AS people
FROM daily
WHERE audience = 'people' AND kind IN ('download', 'view')
GROUP BY GROUPING SETS ((package, day), (package, day, kind), (package, day, version), (package, day, kind, version))
HAVING people > 0;

-- When a row was last added to. Rows from before this column say 1970.
ALTER TABLE daily ADD COLUMN IF NOT EXISTS stored SimpleAggregateFunction(max, DateTime('UTC')) CODEC(Delta(4), ZSTD(1));

ALTER TABLE daily_from_events MODIFY QUERY
SELECT
    package,
    toDate(time) AS day,
    kind,
    version,
    audience,
    count() AS requests,
    countIf(status < 400) AS answered,
    sum(events.bytes) AS bytes,
    uniqCombined64StateIf(visitor, visitor != 0 AND status < 400) AS visitors,
    now() AS stored
FROM events
GROUP BY package, day, kind, version, audience;

-- Two days, as in `events`; what comes later than that stays until it is sure to have been counted.
ALTER TABLE daily MODIFY COLUMN visitors AggregateFunction(uniqCombined64, UInt32) CODEC(ZSTD(1)) TTL greatest(toDateTime(day, 'UTC') + INTERVAL 2 DAY, stored + INTERVAL 3 HOUR);

ALTER TABLE daily MODIFY SETTING merge_with_ttl_timeout = 3600;

ALTER TABLE daily MODIFY TTL day + INTERVAL 25 MONTH;
