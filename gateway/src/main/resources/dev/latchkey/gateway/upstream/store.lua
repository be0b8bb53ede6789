-- Keeps the tokens of a provider's good answer. Safe to be sent twice.
--
-- KEYS as prelude.lua says
-- ARGV 1 sid   2 u, of the tokens that were presented   3 sealed   4 due   5 hard (from now, '' for never)   6 the clock, or ''   (ms)
-- Returns { now, 'STORED' | 'NEWER' | 'GONE' }. It goes by u and not by the fence: a late answer may hold the only good token.
-- GONE: the session has ended, and the provider should be told that the new token is not needed.

local sid, u = ARGV[1], tonumber(ARGV[2])
local now = clock(ARGV[6])

local tokens = held()
if not live(now) or not tokens then
    return { now, 'GONE' }
end
if tokens.u == u + 1 and tokens.sealed == ARGV[3] then
    return { now, 'STORED' }
end
if tokens.u ~= u then
    return { now, 'NEWER' }
end
-- A call that nobody knows of may still be worked off, and make the provider refuse these tokens.
redis.call('HSET', HELD, 'u', integer(u + 1), 'sealed', ARGV[3], 'hard', from(now, ARGV[5]), 'lease', '0', 'open', '0',
    'by', '', 'doubt', tokens.inherited or '0', 'inherited', '0', 'next', '0', 'tries', '0')
answered(now, ARGV[4])
closed(sid)
return { now, 'STORED' }
