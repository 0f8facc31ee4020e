INSERT INTO {database}.events
    (event_id, batch_id, time, kind, package, ecosystem, domain, route, version, version_major, channel, artifact,
     method, status, answer, bytes, client, client_version, os, arch, ci, ci_name, audience, country,
     asn, org_id, org_name, org_domain, org_type, org_confidence, org_evidence,
     visitor, page, referrer_host, source, props)
WITH
    -- A number in [0, 1) for this row and a question about it.
    (question -> bitShiftRight(sipHash64('{package}', day, stream, n, question), 11) / 9007199254740992) AS dice,
    -- Streams in order: people, ci, mirror, updater, bot, reader.
    stream = 3 AS is_mirror,
    stream = 4 AS is_updater,
    stream = 6 AS is_reader,

    stream - 1 + dice('client') AS place,
    dice('country') AS country_dice,
    dice('eager') AS eager,
    dice('page') AS page_dice,
    dice('referrer') AS referrer_dice,
    arrayFirstIndex(bound -> bound > place, {client_bounds}) AS client_at,
    arrayFirstIndex(bound -> bound > country_dice, {country_bounds}) AS country_at,

    -- Users move to a release some time after it came: most within days, build services within weeks,
    -- some hardly ever. Mirrors hold every release there is.
    [9, 22, 1, 3, 40, 9][stream] * if(dice('pinned') < 0.12, 8, 1) AS patience,
    -log(1 - dice('lag')) * patience AS lag,
    {release_days} AS release_days,
    greatest(1, if(is_mirror,
        1 + intDiv(toUInt32(dice('version') * 1000) * arrayCount(released -> released <= day, release_days), 1000),
        arrayLastIndex((released, appeal) -> released + lag <= day AND eager < appeal, release_days, {release_appeals}))
    ) AS release_at,
    {versions}[release_at] AS release,

    -- Some come from an organisation, which does then what it does by that time. None uses every package.
    toUInt32(ceil(pow(dice('organisation'), 1.5) * length({org_names}))) AS org_drawn,
    multiIf(is_reader, {org_reads}, stream = 2, {org_builds}, {org_downloads})[org_drawn] AS org_from,
    dice('of an organisation') < multiIf(is_reader, 0.5, stream = 2, 0.06, stream = 1, 0.2, 0)
        AND org_from <= day AND day < {org_leaves}[org_drawn]
        AND sipHash64('{package}', org_drawn) % 3 != 0 AS has_organisation,
    if(has_organisation, org_drawn, 0) AS org_at,

    -- People work by day where they live, machines at any hour.
    toInt32(1440 * dice('minute')) AS any_minute,
    420 + toInt32(280 * (dice('morning') + dice('noon') + dice('evening'))) AS day_minute,
    if(stream IN (1, 6) AND dice('night') > 0.08,
        modulo(day_minute - 60 * {country_offsets}[country_at] + 1440, 1440), modulo(any_minute, 1440)) AS minute,

    if({oses}[client_at] = '', 'linux', {oses}[client_at]) AS artifact_os,
    if({arches}[client_at] = '', 'amd64', {arches}[client_at]) AS artifact_arch
SELECT
    bitOr(bitShiftLeft(toUInt128({node}), 96), toUInt128(sipHash64('{package}', day, stream, n))),
    {batch},
    toDateTime(day * 86400 + minute * 60, 'UTC'),
    multiIf(is_reader, 'view', is_updater, 'check', 'download'),
    '{package}',
    '{ecosystem}',
    '{domain}',
    '{route}',
    if(is_reader, '', release),
    if(is_reader, '', splitByChar('.', release)[1]),
    multiIf(is_reader, 'unknown', match(release, 'rc'), 'pre', 'stable'),
    if(is_reader, '', {artifact}),
    if(is_updater, 'HEAD', 'GET'),
    if(is_reader OR is_updater, 200, {status}),
    multiIf(is_reader, 'serve', is_updater, 'proxy', 'redirect'),
    if(is_reader, 43, 0),
    {clients}[client_at],
    {client_versions}[client_at],
    {oses}[client_at],
    {arches}[client_at],
    if(stream = 2, 'true', 'unknown'),
    {ci_names}[client_at],
    ['people', 'ci', 'mirror', 'updater', 'bot', 'people'][stream],
    {countries}[country_at],
    if(org_at = 0, 0, 64495 + org_at),
    if(org_at = 0, 0, {node} + org_at),
    {org_names}[org_at],
    {org_domains}[org_at],
    {org_types}[org_at],
    {org_confidences}[org_at],
    {org_evidence}[org_at],
    -- A person comes back now and then within a day.
    1 + toUInt32(sipHash64('{package}', day, stream, toUInt32(dice('visitor') * (1 + size * 0.7))) % 4294967294),
    if(is_reader, {pages}[arrayFirstIndex(bound -> bound > page_dice, {page_bounds})], ''),
    if(is_reader, {referrers}[arrayFirstIndex(bound -> bound > referrer_dice, {referrer_bounds})], ''),
    if(is_reader, {sources}[arrayFirstIndex(bound -> bound > referrer_dice, {referrer_bounds})], ''),
    map('made_up', 'true')
FROM
(
    SELECT
        cell.1 AS day, cell.2 AS stream, cell.3 AS size, n
    FROM (SELECT arrayJoin({cells}) AS cell)
    ARRAY JOIN range(size) AS n
)
