-- Keeps the first tokens of a session that a provider began. Safe to be sent twice.
--
-- KEYS as prelude.lua says
-- ARGV 1 provider   2 sealed   3 due   4 hard (from now, '' for never)   5 the clock, or ''   (ms)
-- Returns { now, 'PUT' | 'GONE' }: GONE where the session has ended. Without `due` the provider is never asked again.

local now = clock(ARGV[5])
if not live(now) then
    return { now, 'GONE' }
end
if not held() then
    redis.call('DEL', HELD)
    redis.call('HSET', HELD, 'provider', ARGV[1], 'u', '1', 'sealed', ARGV[2], 'hard', from(now, ARGV[4]))
    last()
    answered(now, ARGV[3])
end
return { now, 'PUT' }
