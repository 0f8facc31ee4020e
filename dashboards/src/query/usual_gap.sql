-- How many events the middle one of the hours since `since` had, hours without any included.
SELECT quantileExactWeighted(0.5)(events, weight)
FROM (
    SELECT sum(requests) AS events, toUInt64(1) AS weight
    FROM hourly
    WHERE $where AND hour >= {since:DateTime('UTC')} AND hour < {until:DateTime('UTC')}
    GROUP BY hour
    UNION ALL
    SELECT 0, toUInt64({hours:UInt64} - least({hours:UInt64}, uniqExact(hour)))
    FROM hourly
    WHERE $where AND hour >= {since:DateTime('UTC')} AND hour < {until:DateTime('UTC')}
)
