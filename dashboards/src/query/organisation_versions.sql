-- The version that each of some organisations downloaded last.
SELECT
    $key AS d0,
    argMax(of_version, latest)
FROM (
    SELECT
        org_id,
        asn,
        org_name,
        org_domain,
        argMax(version, (day, answered)) AS of_version,
        max((day, answered)) AS latest
    FROM organisations
    WHERE $where AND day <= {to:Date} AND kind = 'download' AND answered > 0 AND version != ''
    GROUP BY org_id, asn, org_name, org_domain
)
GROUP BY d0
