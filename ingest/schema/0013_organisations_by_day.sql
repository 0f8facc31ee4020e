-- What each organisation did in a day over all packages, and what each is called: kept within `organisations` as
-- projections, because nothing can then be counted twice. A projection is made of the rows of its part and comes and
-- goes with it, whatever is sent again, comes late, is counted again, forgotten or put back from a backup.
--
-- ClickHouse takes a projection for statements that repeat its expressions to the letter
-- (dashboards/src/query/organisation_days.sql, organisations_known.sql); any other reads the rows, and so do parts that
-- have none yet. With 5,000 organisations, 0.7 million rows are read instead of 4.4 million, for an eighth to a quarter
-- of the table's size.
--
-- Merges of this engine change rows, so a projection is made anew with each.
ALTER TABLE organisations MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild';

ALTER TABLE organisations ADD PROJECTION IF NOT EXISTS by_day (
    SELECT
        org_id,
        asn,
        day,
        sumIf(answered, kind = 'view'),
        sumIf(answered, kind = 'download' AND audience != 'ci'),
        sumIf(answered, kind = 'download' AND audience = 'ci')
    GROUP BY org_id, asn, day
);

ALTER TABLE organisations ADD PROJECTION IF NOT EXISTS known (
    SELECT
        org_id,
        asn,
        org_name,
        org_domain,
        org_type,
        org_confidence,
        org_evidence,
        maxIf(day, kind IN ('download', 'view') AND answered > 0),
        groupUniqArrayIf(package, kind IN ('download', 'view') AND answered > 0)
    GROUP BY org_id, asn, org_name, org_domain, org_type, org_confidence, org_evidence
);

-- In the background; until a part has them its rows are read.
ALTER TABLE organisations MATERIALIZE PROJECTION by_day;

ALTER TABLE organisations MATERIALIZE PROJECTION known;
