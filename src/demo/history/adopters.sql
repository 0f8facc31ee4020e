INSERT INTO {database}.events
    (event_id, batch_id, time, kind, package, ecosystem, domain, route, version, version_major, channel, artifact,
     method, status, answer, bytes, client, client_version, os, arch, ci, ci_name, audience, country, asn,
     org_id, org_name, org_domain, org_type, org_confidence, org_evidence, visitor, page, referrer_host, source, campaign,
     props)
WITH
    -- A number in [0, 1) for this organisation and a question about it.
    (question -> bitShiftRight(sipHash64('{package}', 'adopter', i, question), 11) / 9007199254740992) AS dice,
    -- Waiting times as they are: mostly short, now and then long.
    (question, mean) -> -log(1 - dice(question)) * mean AS wait,

    {today} * 86400 AS now,
    -- More come as the project grows; by day, where they are.
    now - 86400 * (1 + toUInt32(350 * pow(dice('begin'), 1.6))) + toUInt32(25200 + 32400 * dice('hour')) AS begin,
    dice('adopts') < 0.6 AS adopts,

    -- Who will adopt reads other pages than who only looks.
    dice('reads') < 0.85 AS reads,
    arrayFilter((page, eager, idle) -> dice(page) < if(adopts, eager, idle), {pages}, {eager}, {idle}) AS chosen,
    if(reads, arrayConcat([('view', begin, '/docs/', '')],
        arrayMap((page, nth) -> ('view', begin + toUInt32(nth * wait(page, 36000)), page, ''), chosen, arrayEnumerate(chosen))), []) AS views,
    begin + toUInt32(wait('install', 250000)) AS install,
    reads AND dice('/docs/install') < if(adopts, 0.82, 0.3) AS installs,
    if(installs, [('view', install, '/docs/install', '')], []) AS install_views,
    install + 60 + toUInt32(wait('copy', 1200)) AS copy,
    if(installs AND dice('copies') < if(adopts, 0.85, 0.4), [('custom', copy, '/docs/install', '{command}')], []) AS copies,

    -- The first download, then some weeks or many: a quarter tries it once.
    if(installs, copy, begin) + toUInt32(wait('download', 130000)) AS first,
    if(dice('stays') < 0.25, 0, toUInt32(wait('life', 30))) AS weeks,
    if(adopts, arrayConcat([('download', first, '', '')], arrayMap(week -> ('download',
        first + toUInt32(604800 * week + 300000 * dice(toString(week))), '', ''), range(1, 1 + weeks))), []) AS downloads,
    -- Those who have it come back to the docs when something changes.
    if(adopts AND dice('returns') < 0.35, [('view', now - toUInt32(2200000 * dice('return')), '/docs/upgrading-to-2', '')], []) AS returns,

    {names}[1 + modulo(i, length({names}))] AS name,
    {trades}[1 + modulo(intDiv(i, length({names})), length({trades}))] AS trade,
    concat(name, ' ', trade.1) AS org_name,
    1 + modulo(sipHash64(i, 'source'), length({sources})) AS source_at,
    act.1 AS kind,
    act.2 AS at,
    intDiv(at, 86400) AS day,
    kind = 'download' AS is_download,
    is_download AND modulo(sipHash64(i, at), 100) < 45 AS is_ci,
    {versions}[greatest(1, arrayLastIndex((released, appeal) -> released + 4 <= day AND appeal = 1, {release_days}, {release_appeals}))] AS release,
    'linux' AS artifact_os,
    'amd64' AS artifact_arch
SELECT
    bitOr(bitShiftLeft(toUInt128({node}), 96), toUInt128(sipHash64('{package}', 'adopter', i, act))),
    {batch},
    toDateTime(at - modulo(at, 60), 'UTC'),
    kind,
    '{package}',
    multiIf(is_download, '{ecosystem}', kind = 'view', 'docs', 'event'),
    '{domain}',
    '{route}',
    if(is_download, release, ''),
    if(is_download, splitByChar('.', release)[1], ''),
    if(is_download, 'stable', 'unknown'),
    if(is_download, {artifact}, ''),
    'GET',
    if(is_download, {status}, 200),
    if(is_download, 'redirect', 'serve'),
    if(kind = 'view', 43, 0),
    if(is_download, '{client}', 'firefox'),
    if(is_download, '{client_version}', '143'),
    'linux',
    if(is_download, 'amd64', ''),
    if(is_ci, 'true', 'unknown'),
    if(is_ci, 'gitlab-ci', ''),
    if(is_ci, 'ci', 'people'),
    {countries}[1 + modulo(i, length({countries}))],
    4200000000 + i,
    900000 + i,
    org_name,
    concat(replaceAll(lower(org_name), ' ', '-'), '.example'),
    trade.2,
    90,
    'made up',
    1 + toUInt32(sipHash64('{package}', i, day) % 4294967294),
    act.3,
    if(kind = 'view', {sources}[source_at].1, ''),
    if(kind = 'view', {sources}[source_at].2, ''),
    if(kind = 'view', {sources}[source_at].3, ''),
    if(kind = 'custom', map('made_up', 'true', 'event', 'copy', 'command', act.4, 'page', act.3), map('made_up', 'true'))
FROM
(
    SELECT number AS i FROM numbers({organisations})
)
ARRAY JOIN arrayConcat(views, install_views, copies, downloads, returns) AS act
WHERE at < now
