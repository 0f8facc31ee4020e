(
    -- A day that was imported again replaced the one before, which FINAL sees to.
    SELECT
        source AS registry,
        package,
        version,
        country,
        day,
        downloads
    FROM imported_totals FINAL
    WHERE span = 'day'
    UNION ALL
    -- A counter that runs from the beginning has grown, since it was last read, on the day it was read. What it
    -- had at first says nothing of when.
    SELECT
        registry,
        package,
        version,
        country,
        day,
        toUInt64(if(counter > before, counter - before, 0))
    FROM (
        SELECT
            source AS registry,
            package,
            version,
            country,
            day,
            downloads AS counter,
            lagInFrame(downloads, 1, downloads) OVER (
                PARTITION BY source, package, version, country
                ORDER BY day
                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
            ) AS before
        FROM imported_totals FINAL
        WHERE span = 'ever'
    )
)
