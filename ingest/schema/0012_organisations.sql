-- What each organisation asked for in a UTC day, by package, version, kind and audience: what is left of
-- organisations when single events go. Rows of nobody are not in here, and nothing tells people apart.
--
-- `asn` is part of the key because corrections may hold for one system of an organisation; they are read beside
-- each question, so a name is kept as it was stored last. Nearly every event of a small organisation is a row of
-- its own; where a tenth of the events has an organisation, that is well under a byte for each event stored.
--
-- Fed as `daily` is, and remembers tokens for the same reason.
CREATE TABLE IF NOT EXISTS organisations (
    package        LowCardinality(String),
    org_id         UInt32 CODEC(ZSTD(1)),
    asn            UInt32 CODEC(ZSTD(1)),
    day            Date CODEC(Delta(2), ZSTD(1)),
    kind           Enum8('download' = 1, 'check' = 2, 'metadata' = 3, 'inspect' = 4, 'mirror' = 5, 'script' = 6, 'install_ping' = 7, 'view' = 8, 'custom' = 9, 'broken_link' = 10, 'repeat' = 11),
    audience       Enum8('unknown' = 0, 'people' = 1, 'ci' = 2, 'mirror' = 3, 'updater' = 4, 'bot' = 5, 'proxy' = 6),
    version        LowCardinality(String),

    version_major  SimpleAggregateFunction(anyLast, LowCardinality(String)),
    org_name       SimpleAggregateFunction(anyLast, LowCardinality(String)),
    org_domain     SimpleAggregateFunction(anyLast, LowCardinality(String)),
    org_type       SimpleAggregateFunction(anyLast, LowCardinality(String)),
    org_confidence SimpleAggregateFunction(anyLast, UInt8) CODEC(ZSTD(1)),
    org_evidence   SimpleAggregateFunction(anyLast, LowCardinality(String)),

    requests       SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    answered       SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (package, org_id, asn, day, kind, audience, version)
TTL day + INTERVAL 25 MONTH
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS organisations_from_events TO organisations AS
SELECT
    package,
    org_id,
    asn,
    toDate(time) AS day,
    kind,
    audience,
    version,
    anyLast(events.version_major) AS version_major,
    anyLast(events.org_name) AS org_name,
    anyLast(events.org_domain) AS org_domain,
    anyLast(events.org_type) AS org_type,
    anyLast(events.org_confidence) AS org_confidence,
    anyLast(events.org_evidence) AS org_evidence,
    count() AS requests,
    countIf(status < 400) AS answered
FROM events
WHERE org_id != 0
GROUP BY package, org_id, asn, day, kind, audience, version;

-- The first and the last day on which an organisation read a page. Both only ever move outwards, so what is
-- counted again changes nothing here and no window is needed.
CREATE TABLE IF NOT EXISTS organisation_pages (
    package   LowCardinality(String),
    org_id    UInt32 CODEC(ZSTD(1)),
    asn       UInt32 CODEC(ZSTD(1)),
    page      String CODEC(ZSTD(3)),
    first_day SimpleAggregateFunction(min, Date) CODEC(ZSTD(1)),
    last_day  SimpleAggregateFunction(max, Date) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (package, org_id, asn, page)
TTL last_day + INTERVAL 25 MONTH
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS organisation_pages_from_events TO organisation_pages AS
SELECT
    package,
    org_id,
    asn,
    page,
    toDate(min(time)) AS first_day,
    toDate(max(time)) AS last_day
FROM events
WHERE org_id != 0 AND kind = 'view' AND status < 400 AND page != ''
GROUP BY package, org_id, asn, page;

INSERT INTO organisation_pages (package, org_id, asn, page, first_day, last_day)
SELECT
    package,
    org_id,
    asn,
    page,
    toDate(min(time)),
    toDate(max(time))
FROM events
WHERE org_id != 0 AND kind = 'view' AND status < 400 AND page != ''
GROUP BY package, org_id, asn, page;
