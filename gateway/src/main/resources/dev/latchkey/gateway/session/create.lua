-- Starts a session at generation 1. Sent twice it leaves the first record as it is, and what has ended meanwhile ended.
--
-- KEYS 1 the session's record   2 its shard's tombstones
-- ARGV 1 sub   2 claims   3 user agent   4 address   5 idle timeout   6 absolute timeout   7 sid
--      8 before when sessions of the user are refused, or 0: by the clock of another server, which may be ahead of this one
--      9 the clock, or ''   (ms)
-- Returns { now, created, expires }.

-- How far ahead that clock may be.
local AHEAD = 30000
local key = KEYS[1]
local idle, absolute = tonumber(ARGV[5]), tonumber(ARGV[6])
local now = clock(ARGV[9])

local record = read(key)
if record then
    return { now, record.created, record.expires }
end
if tombstone(KEYS[2], ARGV[7]) then
    return { now, now, now + absolute }
end
local created, notBefore = now, tonumber(ARGV[8])
if notBefore > now and notBefore <= now + AHEAD then
    created = notBefore
end
record = { created = created, expires = created + absolute }
redis.call('HSET', key, 'sub', ARGV[1], 'gen', '1', 'created', integer(created), 'expires', integer(record.expires),
    'state', ACTIVE, 'claims', ARGV[2], 'agent', ARGV[3], 'address', ARGV[4])
keep(key, record, { k = 1, minted = now, forked = now })
renew(key, record, idle, now)
return { now, record.created, record.expires }
