-- The newest events, one row each; within a minute the last one stored comes first.
SELECT
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
    route
FROM events
WHERE $where AND time >= {since:DateTime('UTC')}
ORDER BY time DESC, batch_id DESC, event_id DESC
LIMIT {limit:UInt64}
