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
    -- All whose visitors may still be known, each several times before they are forgotten.
    AND (day >= yesterday() - 1 OR stored >= now() - INTERVAL 3 HOUR)
GROUP BY GROUPING SETS ((package, day), (package, day, kind), (package, day, version), (package, day, kind, version))
HAVING people > 0
SETTINGS distributed_foreground_insert = 1
