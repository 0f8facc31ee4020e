-- What organisations did together, day by day.
SELECT
    toString(day) AS d0,
    sum(views) AS m0,
    sum(downloads) AS m1,
    sum(ci) AS m2
FROM (
$days
)
GROUP BY d0
ORDER BY d0
