(
    SELECT $key AS organisation, min(day) AS first_download
    FROM organisations
    WHERE $where AND kind = 'download' AND answered > 0 AND audience NOT IN ('mirror', 'bot', 'proxy')
    GROUP BY organisation
    HAVING organisation != ''
)
