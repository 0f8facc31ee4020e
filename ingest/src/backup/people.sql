INSERT INTO backup_people (package, day, by, kind, version, people)
SELECT
    package,
    toDate(time) AS day,
    CAST(3 - grouping(kind, version) AS Enum8('nothing' = 0, 'version' = 1, 'kind' = 2, 'kind and version' = 3)) AS by,
    if(by IN ('kind', 'kind and version'), toString(kind), '') AS kind_name,
    if(by IN ('version', 'kind and version'), version, '') AS version_name,
    uniqExact(visitor) AS people
FROM backup_events
WHERE visitor != 0 AND status < 400 AND audience = 'people' AND kind IN ('download', 'view')
GROUP BY GROUPING SETS ((package, day), (package, day, kind), (package, day, version), (package, day, kind, version))
