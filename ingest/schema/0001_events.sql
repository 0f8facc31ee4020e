-- One row an event, kept for 90 days. Columns are named as the fields of the event.
--
-- Stored once: `event_id` is given when an event is made, `batch_id` when its batch is sealed, and a
-- batch is sent with one deduplication token for ever. The window makes ClickHouse remember the
-- tokens of the last 10,000 blocks (a plain MergeTree remembers none by itself); it is far longer
-- than the one batch a gateway has in flight. Inserts are synced to disk before they are
-- acknowledged, because the spool forgets a batch then.
--
-- Small on disk: sorting by what repeats most puts equal values side by side, so the sort goes on
-- after the primary key; LowCardinality where a month has few values, ZSTD on the rest. `time` and
-- the ids rise within a run of equal keys, which is what Delta is for; `event_id` has 16 bytes,
-- more than Delta takes, and its upper half is nearly constant, which ZSTD sees.
--
-- `visitor` becomes 0 after two days, long before the row goes.
CREATE TABLE IF NOT EXISTS events (
    event_id         UInt128 CODEC(ZSTD(1)),
    batch_id         UInt64 CODEC(Delta(8), ZSTD(1)),
    time             DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    kind             Enum8('download' = 1, 'check' = 2, 'metadata' = 3, 'inspect' = 4, 'mirror' = 5, 'script' = 6, 'install_ping' = 7, 'view' = 8, 'custom' = 9, 'broken_link' = 10),

    package          LowCardinality(String),
    ecosystem        LowCardinality(String),
    domain           LowCardinality(String),
    route            LowCardinality(String),
    version          LowCardinality(String),
    version_major    LowCardinality(String),
    channel          Enum8('unknown' = 0, 'stable' = 1, 'pre' = 2, 'nightly' = 3),
    artifact         LowCardinality(String),
    digest           String CODEC(ZSTD(3)),

    method           LowCardinality(String),
    status           UInt16 CODEC(ZSTD(1)),
    answer           Enum8('none' = 0, 'redirect' = 1, 'proxy' = 2, 'serve' = 3),
    bytes            UInt64 CODEC(T64, ZSTD(1)),

    client           LowCardinality(String),
    client_version   LowCardinality(String),
    runtime          LowCardinality(String),
    runtime_version  LowCardinality(String),
    os               LowCardinality(String),
    os_version       LowCardinality(String),
    arch             LowCardinality(String),
    libc             LowCardinality(String),
    ci               Enum8('unknown' = 0, 'true' = 1, 'false' = 2),
    ci_name          LowCardinality(String),

    audience         Enum8('unknown' = 0, 'people' = 1, 'ci' = 2, 'mirror' = 3, 'updater' = 4, 'bot' = 5, 'proxy' = 6),
    audience_reasons LowCardinality(String),

    country          LowCardinality(String),
    region           LowCardinality(String),
    asn              UInt32 CODEC(ZSTD(1)),
    net_type         LowCardinality(String),

    org_id           UInt32 CODEC(ZSTD(1)),
    org_name         LowCardinality(String),
    org_domain       LowCardinality(String),
    org_type         LowCardinality(String),
    org_confidence   UInt8 CODEC(ZSTD(1)),
    org_evidence     LowCardinality(String),

    visitor          UInt32 CODEC(ZSTD(1)) TTL time + INTERVAL 2 DAY,
    salt_epoch       UInt16 CODEC(ZSTD(1)),

    page             String CODEC(ZSTD(3)),
    referrer_host    LowCardinality(String),
    source           LowCardinality(String),
    campaign         LowCardinality(String),

    props            Map(LowCardinality(String), String) CODEC(ZSTD(3)),

    -- Finds a batch again after an answer was lost.
    INDEX batch batch_id TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
PRIMARY KEY (package, kind, toStartOfHour(time))
ORDER BY (package, kind, toStartOfHour(time), version, artifact, audience, client, time, event_id)
TTL time + INTERVAL 90 DAY DELETE
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    merge_with_ttl_timeout = 3600;
