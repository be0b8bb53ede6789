-- Replaces what a provider said of a session's user, once its id_token is judged. Safe to be sent twice.
--
-- KEYS as prelude.lua says
-- ARGV 1 u, of the tokens that said it   2 claims   3 the clock, or ''   (ms)
-- Returns { now, 1 or 0 }: 0 where newer tokens are held, or the session has ended.

local now = clock(ARGV[3])
local tokens = held()
if not live(now) or not tokens or tokens.u ~= tonumber(ARGV[1]) then
    return { now, 0 }
end
redis.call('HSET', RECORD, 'claims', ARGV[2])
return { now, 1 }
