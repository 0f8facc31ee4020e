INSERT INTO {database}.events
    (event_id, batch_id, time, kind, package, ecosystem, domain, route, method, status, answer, bytes, client, audience,
     source, props)
WITH
    -- A README is read on workdays, and more as the project grows; a proxy of pictures tells nothing of who did.
    bitShiftRight(sipHash64('{package}', 'readme', number), 11) / 9007199254740992 AS dice,
    {today} * 86400 - 60 - toUInt32(31000000 * pow(dice, 1.4)) AS at
SELECT
    bitOr(bitShiftLeft(toUInt128({node}), 96), toUInt128(sipHash64('{package}', 'readme', number))),
    {batch} + 8388608,
    toDateTime(at - modulo(at, 60), 'UTC'),
    'view',
    '{package}',
    'docs',
    '{domain}',
    '{route}',
    'GET',
    200,
    'serve',
    43,
    ['github-camo', 'github-camo', 'github-camo', 'pypi-camo'][1 + modulo(number, 4)],
    'proxy',
    '',
    map('made_up', 'true')
FROM numbers({readme_views})
WHERE toDayOfWeek(toDateTime(at, 'UTC')) < 6 OR modulo(number, 3) = 0
