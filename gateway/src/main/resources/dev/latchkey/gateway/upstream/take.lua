-- Removes what is held for a session that has ended, so that exactly one node tells the provider.
--
-- KEYS as prelude.lua says
-- ARGV 1 sid   2 the clock, or ''   (ms)
-- Returns { now, 'NONE' } or { now, 'TAKEN', provider, u, sealed }. What is held of a live session stays.

local now = clock(ARGV[2])
local record, tokens = read(RECORD), held()
if record and record.state == ACTIVE and now < record.expires then
    return { now, 'NONE' }
end
closed(ARGV[1])
redis.call('DEL', HELD)
if not tokens then
    return { now, 'NONE' }
end
return { now, 'TAKEN', tokens.provider, tokens.u, tokens.sealed }
