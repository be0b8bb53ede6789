-- What is to be seen of a session. Reads only: nothing is prolonged, no use is noted, and no replay is counted.
--
-- KEYS 1 the session's record   2 its shard's tombstones
-- ARGV 1 sid   2 p, the presented generation, or '' for a session that an access token has proven
--      3 b, the presented branch, or ''   4 grace   5 the clock, or ''   (times in ms)
-- Returns { now, 'LIVE', gen, created, expires, idle, claims, key, released }, idle being when the session ends unless it is
-- rotated, key that of the device to which it is bound, and released that to which it was bound, or ''; where rotate would refuse
-- (p, b), { now, row } as rotate says it, with the same behind REVOKED and UNPROVEN, but STALE for each replay; and
-- { now, 'LATER' } for a record that only a node of a later version can read.

local p, b, grace = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local now = clock(ARGV[5])

local record, unread = read(KEYS[1])
if unread == 'later' then
    return { now, 'LATER' }
end
if unread then
    return { now, 'UNREADABLE' }
end
local row, reason = over(record, KEYS[2], ARGV[1], now)
if row then
    return { now, row, reason }
end
if record.lapsed then
    return { now, 'LAPSED' }
end
if p and record.key then
    return { now, 'UNPROVEN', math.max(p, record.gen) }
end
if p and p < record.gen and not forgiven(record, p, b, grace, now) then
    if record.released and p == 2 then
        return { now, 'UNPROVEN', record.gen }
    end
    return { now, 'STALE' }
end
local left = redis.call('PTTL', KEYS[1])
local idle = left < 0 and record.expires or math.min(record.expires, now + left)
return { now, 'LIVE', record.gen, record.created, record.expires, idle, record.claims, record.key or '',
    record.released or '' }
