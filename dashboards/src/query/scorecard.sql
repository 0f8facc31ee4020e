-- What a package had since `since`, and how many of its versions were ever downloaded.
SELECT
    sumIf(answered, kind = 'download'),
    sumIf(answered, kind = 'download' AND audience = 'unknown'),
    sumIf(answered, kind = 'view' AND audience != 'proxy'),
    sumIf(answered, kind = 'view' AND audience = 'proxy'),
    (SELECT uniqExact(version) FROM releases WHERE $where)
FROM daily
WHERE $where AND day >= {since:Date}
