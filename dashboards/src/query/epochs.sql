-- UTC days whose people were counted under more than one salt, and under how many.
SELECT
    toDate(time) AS d0,
    uniqExact(salt_epoch) AS m0
FROM events
WHERE $where AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
    AND salt_epoch != 0 AND audience = 'people' AND kind IN ('download', 'view') AND status < 400
GROUP BY d0
HAVING m0 > 1
ORDER BY d0
