-- Writes back an entry of the denylist that Redis has lost and a node still knows. Safe to be sent twice.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones
-- ARGV 1 sid   2 min   3 nextMin   4 effectiveAt   5 expiresAt (deny.lua)   6 the clock, or ''   (times in ms)
-- Returns { now }. An entry that has expired meanwhile is not written. What is there stays where it refuses more. A session
-- that accepts no generation is revoked again where the revocation was lost with the entry; otherwise its refresh token would
-- outlive the entry.

local min = tonumber(ARGV[2])
local now = clock(ARGV[6])
if min >= NEVER then
    finish(KEYS[1], KEYS[3], ARGV[1], 'restored', now)
end
if tonumber(ARGV[5]) > now then
    deny(KEYS[2], ARGV[1], min, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), now)
end
return { now }
