-- What a package had in a UTC day: in all, and by the value of each property. Visitors are told apart for two
-- days only, so this is asked until then.
SELECT
    split.1 AS d0,
    split.2 AS d1,
    count() AS m0,
    uniqExactIf(visitor, visitor != 0) AS m1
FROM events
ARRAY JOIN [
    ('all', ''),
    ('country', toString(country)),
    ('version', toString(version_major)),
    ('client', toString(client)),
    ('platform', toString(os))
] AS split
WHERE package = {package:String}
    AND kind = 'download' AND status < 400
    AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
GROUP BY d0, d1
ORDER BY m0 DESC, d0, d1
LIMIT 10000
