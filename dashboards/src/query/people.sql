(
    -- Counts, and beside them people: as they were written down, or while visitors are known, as those say.
    SELECT package, day, toString(kind) AS kind, version, toString(audience) AS audience, requests, answered, bytes, 0 AS people
    FROM daily
    WHERE $rows
    UNION ALL
    SELECT package, day, kind, version, 'people', 0, 0, 0, max(counted)
    FROM (
        SELECT package, day, kind, version, people AS counted
        FROM people
        WHERE $rows AND by = '$by'
        UNION ALL
        SELECT package, day, $kind AS of_kind, $version AS of_version, uniqCombined64Merge(visitors)
        FROM daily
        WHERE $rows AND audience = 'people' AND kind IN ('download', 'view')
            AND (day >= {known:Date} OR stored >= {lately:DateTime('UTC')})
        GROUP BY package, day, of_kind, of_version
    )
    GROUP BY package, day, kind, version
)
