-- Writes back an entry of the denylist that Redis has lost and a node still knows. Safe to be sent twice.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones
-- ARGV 1 sid   2 floor   3 later   4 from   5 ends   6 the clock, or ''   (times in ms)
-- Returns { now }. An entry that has ended meanwhile is not written. What is there stays where it refuses more. A session that accepts none is revoked again where the
-- revocation was lost with the entry; else its refresh token would outlive the entry.

local floor = tonumber(ARGV[2])
local now = clock(ARGV[6])
if floor >= NEVER then
    finish(KEYS[1], KEYS[3], ARGV[1], 'restored', now)
end
if tonumber(ARGV[5]) > now then
    deny(KEYS[2], ARGV[1], floor, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), now)
end
return { now }
