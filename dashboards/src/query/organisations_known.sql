-- What organisations were called last, and their packages; `known` of the table has the expressions of the inner one.
SELECT
    org_id,
    asn,
    argMax(name, last_day) AS org_name,
    argMax(at_domain, last_day) AS org_domain,
    argMax(of_type, last_day) AS org_type,
    argMax(sure, last_day) AS org_confidence,
    argMax(because, last_day) AS org_evidence,
    groupUniqArrayArray(of_packages) AS packages
FROM (
    SELECT
        org_id,
        asn,
        org_name AS name,
        org_domain AS at_domain,
        org_type AS of_type,
        org_confidence AS sure,
        org_evidence AS because,
        maxIf(day, kind IN ('download', 'view') AND answered > 0) AS last_day,
        groupUniqArrayIf(package, kind IN ('download', 'view') AND answered > 0) AS of_packages
    FROM organisations
    WHERE $where
    GROUP BY org_id, asn, org_name, org_domain, org_type, org_confidence, org_evidence
)
GROUP BY org_id, asn
