-- Every package that ever had an event: its downloads of the last 28 days, and when it was last heard of
-- (to the minute for two days, to the day after that).
SELECT
    package AS d0,
    sum(downloads_28d) AS m0,
    toUnixTimestamp(max(seen)) AS m1,
    max(registry) AS d1
FROM (
    SELECT
        package,
        sumIf(answered, kind = 'download' AND day >= {since:Date}) AS downloads_28d,
        toDateTime(max(day), 'UTC') AS seen,
        '' AS registry
    FROM daily
    WHERE $where AND package != ''
    GROUP BY package
    UNION ALL
    SELECT
        package,
        0 AS downloads_28d,
        max(time) AS seen,
        toString(max(ecosystem)) AS registry
    FROM events
    WHERE $where AND package != '' AND time >= {recent:DateTime('UTC')}
    GROUP BY package
)
GROUP BY d0
ORDER BY m0 DESC, d0
LIMIT 10000
