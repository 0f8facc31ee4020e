-- Commands that were copied from the docs, and how many organisations copied each.
SELECT
    props['command'] AS d0,
    count() AS m0,
    uniqExactIf($key, org_id != 0 AND $key != '') AS m1
FROM events
WHERE $where AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
    AND kind = 'custom' AND status < 400 AND props['event'] = 'copy' AND props['command'] != ''
    AND audience NOT IN ('mirror', 'bot', 'proxy')
GROUP BY d0
ORDER BY m0 DESC, d0
LIMIT 100
