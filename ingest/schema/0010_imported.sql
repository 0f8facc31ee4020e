-- What came by `weir import`, beside the events themselves.

-- Every event ever imported, so that importing it again changes nothing, also when its row has long gone by
-- the table's TTL and only the rollups have it. Eight bytes an event; written after the event is stored, so
-- what is in here is in the rollups. Ids hold no order, so nothing makes them smaller.
CREATE TABLE IF NOT EXISTS imported_ids (
    day Date CODEC(Delta(2), ZSTD(1)),
    id  UInt64 CODEC(NONE)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(day)
ORDER BY (day, id)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;

-- What registries counted by rules of their own. Never mixed with events: a download in here may be one that
-- the gateway saw too. Importing a day again replaces it, so read it with FINAL.
CREATE TABLE IF NOT EXISTS imported_totals (
    source      LowCardinality(String),
    package     LowCardinality(String),
    version     LowCardinality(String),
    country     LowCardinality(String),
    day         Date CODEC(Delta(2), ZSTD(1)),
    -- Downloads of that day, or of all days until then.
    span        Enum8('day' = 1, 'ever' = 2),
    downloads   UInt64 CODEC(T64, ZSTD(1)),
    imported_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(imported_at)
PARTITION BY toYear(day)
ORDER BY (source, package, span, day, version, country)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;
