-- The versions of a package that were downloaded since a time, and where they are published: of one of its events.
SELECT
    version AS d0,
    (
        SELECT any(toString(ecosystem))
        FROM (SELECT ecosystem FROM events WHERE $where AND ecosystem != '' LIMIT 1)
    ) AS d1
FROM releases
WHERE $where AND version != ''
GROUP BY d0
HAVING max(last_seen) >= {from:DateTime('UTC')}
ORDER BY d0
