-- What is to be seen of a session. Reads only: nothing is prolonged, no use is noted, and no replay is counted.
--
-- KEYS 1 the session's record
-- ARGV 1 p, the presented generation, or '' for a session that an access token has proven   2 b, the presented branch, or ''
--      3 grace   4 the clock, or ''   (times in ms)
-- Returns { now, 'LIVE', gen, created, expires, idle, claims }, idle being when the session ends unless it is rotated;
-- { now, 'LAPSED' } where its provider has lost it; { now, 'OVER' } where rotate would refuse (p, b), whatever the reason; and
-- { now, 'LATER' } for a record that only a node of a later version can read.

local p, b, grace = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local now = clock(ARGV[4])

local record, unread = read(KEYS[1])
if unread == 'later' then
    return { now, 'LATER' }
end
if not record or record.state ~= ACTIVE or now >= record.expires then
    return { now, 'OVER' }
end
if record.lapsed then
    return { now, 'LAPSED' }
end
if p and p < record.gen and not forgiven(record, p, b, grace, now) then
    return { now, 'OVER' }
end
local left = redis.call('PTTL', KEYS[1])
local idle = left < 0 and record.expires or math.min(record.expires, now + left)
return { now, 'LIVE', record.gen, record.created, record.expires, idle, record.claims }
