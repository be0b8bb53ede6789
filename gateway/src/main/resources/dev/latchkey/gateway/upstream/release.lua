-- Ends a claim without an answer. Safe to be sent twice.
--
-- KEYS as prelude.lua says
-- ARGV 1 sid   2 the claim's fence   3 the least time until the next call   4 the least and 5 the longest backoff, which
--      doubles with each trouble   6 per cent by which the backoff is spread   7 'unsent' where the provider cannot have seen the
--      call, 'again' where it was not tried either, or 'unknown'   8 the clock, or ''   (times in ms)
-- Returns { now, 'RELEASED' | 'FENCED' }. Where the call is not known to be unsent the claim stays open, and its lease runs out.

local sid, kind = ARGV[1], ARGV[7]
local now = clock(ARGV[8])

local record, tokens = live(now), held()
if not tokens or integer(tokens.fence) ~= ARGV[2] or tokens.open ~= '1' or tokens.by == '' then
    return { now, 'FENCED' }
end
local backoff = math.min(tonumber(ARGV[5]), tonumber(ARGV[4]) * 2 ^ math.min(tokens.tries, 16))
local pause = math.max(tonumber(ARGV[3]), math.floor(backoff * tonumber(ARGV[6]) / 100))
if kind ~= 'again' then
    redis.call('HSET', HELD, 'next', integer(now + pause), 'tries', integer(tokens.tries + 1))
    if record then
        troubled(record, now)
    end
end
if kind == 'unknown' then
    return { now, 'RELEASED' }
end
redis.call('HSET', HELD, 'open', tokens.inherited or '0', 'lease', integer(now), 'by', '')
if tokens.inherited == '1' then
    opened(sid, now, tokens.provider)
else
    closed(sid)
end
return { now, 'RELEASED' }
