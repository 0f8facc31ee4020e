-- Versions whose first download ever falls into the period, oldest first.
SELECT
    version AS d0,
    min(day) AS d1
FROM daily
WHERE $where AND kind = 'download' AND answered > 0 AND version != ''
GROUP BY d0
HAVING d1 >= {first:Date} AND d1 <= {last:Date}
ORDER BY d1, d0
LIMIT 200
