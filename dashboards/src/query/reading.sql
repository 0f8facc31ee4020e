-- Of each page of the docs: how many organisations read it in the time, and how many had read it by the day of a
-- first download that fell into it. The row of no page is about all pages together; m2 is how many organisations
-- downloaded for the first time, whatever they read.
SELECT
    page AS d0,
    uniqExactIf(organisation, first_read < {to:Date} AND last_read >= {from:Date}) AS m0,
    uniqExactIf(organisation, first_read <= first_download AND first_download >= {from:Date} AND first_download < {to:Date}) AS m1,
    (
        SELECT count()
        FROM $first_downloads
        WHERE first_download >= {from:Date} AND first_download < {to:Date}
    ) AS m2
FROM (
    SELECT
        organisation,
        page,
        min(first_day) AS first_read,
        max(last_day) AS last_read
    FROM (SELECT * FROM organisation_pages WHERE $where) AS pages
    -- Pages are kept without names; the name is the one that the organisation had last.
    INNER JOIN (
        SELECT org_id, asn, argMax($key, day) AS organisation
        FROM organisations
        WHERE $where
        GROUP BY org_id, asn
    ) AS names USING (org_id, asn)
    WHERE organisation != ''
    GROUP BY organisation, page
    UNION ALL
    -- Nobody, who read nothing: where that is all there is, all pages still have their row.
    SELECT '', '', toDate('2149-06-06'), toDate(0)
) AS readers
LEFT JOIN $first_downloads AS adopters USING (organisation)
GROUP BY page WITH ROLLUP
HAVING m0 > 0 OR m1 > 0 OR grouping(page) = 1
ORDER BY grouping(page) DESC, m0 DESC, page
LIMIT 201
