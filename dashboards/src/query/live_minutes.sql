-- Each package's last minutes: people and events of each, and in a row of minute 0 the people of the last few
-- minutes together, where somebody who came in two of them counts once.
SELECT package, toUnixTimestamp(time), uniqExactIf(visitor, audience = 'people' AND visitor != 0), count()
FROM events
WHERE $where AND time >= {since:DateTime('UTC')} AND kind IN ('download', 'view') AND status < 400
GROUP BY package, time
UNION ALL
SELECT package, 0, uniqExactIf(visitor, audience = 'people' AND visitor != 0), count()
FROM events
WHERE $where AND time >= {now:DateTime('UTC')} AND kind IN ('download', 'view') AND status < 400
GROUP BY package
