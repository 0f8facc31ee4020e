-- Versions whose first download ever falls into the period, oldest first.
SELECT
    version AS d0,
    toDate(min(first_seen), 'UTC') AS d1
FROM releases
WHERE $where
GROUP BY d0
HAVING d1 >= {first:Date} AND d1 <= {last:Date}
ORDER BY d1, d0
LIMIT 200
