-- What an operator said of matches that were wrong. Read beside every organisation that is shown, so that a
-- correction mends what was stored before it as well, and taking it back brings the old name back.
--
-- `asn` narrows a correction to events from one system; 0 is all of them. Of several of one key the last holds.
CREATE TABLE IF NOT EXISTS organisation_corrections (
    org_id UInt32,
    asn    UInt32,
    action Enum8('rename' = 1, 'hide' = 2, 'undo' = 3),
    name   String,
    domain String,
    type   LowCardinality(String),
    note   String,
    at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (org_id, asn)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1;

-- What holds now, by `org_id` and `asn` in one number. A hidden organisation has no name.
CREATE VIEW IF NOT EXISTS organisation_corrections_held AS
SELECT
    bitOr(bitShiftLeft(toUInt64(org_id), 32), toUInt64(asn)) AS key,
    action = 'hide' AS hidden,
    if(hidden, '', name) AS name,
    if(hidden, '', domain) AS domain,
    if(hidden, '', toString(type)) AS type
FROM organisation_corrections FINAL
WHERE action != 'undo';
