-- The newest events, one row each; within a minute the last one stored comes first. Organisations are named as
-- corrections say.
SELECT
    lower(hex(event_id)),
    toUnixTimestamp(time),
    toString(kind),
    package,
    version,
    client,
    client_version,
    os,
    arch,
    country,
    toString(audience),
    artifact,
    status,
    route,
    $organisation
FROM events
WHERE $where AND time >= {since:DateTime('UTC')}
ORDER BY time DESC, batch_id DESC, event_id DESC
$each
LIMIT {limit:UInt64}
