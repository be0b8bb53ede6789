-- Ends the rotation of a session whose provider refused a token that an unaccounted call may have used. Safe to be sent twice.
--
-- KEYS as prelude.lua says
-- ARGV 1 sid   2 u, of the tokens that were presented   3 the clock, or ''   (ms)
-- Returns { now, 'LAPSED' | 'NEWER' | 'GONE' }. It denies nothing: access tokens live out their minutes.

local sid, u = ARGV[1], tonumber(ARGV[2])
local now = clock(ARGV[3])

local tokens = held()
if not live(now) or not tokens then
    closed(sid)
    local record = read(RECORD)
    return { now, record and record.lapsed and 'LAPSED' or 'GONE' }
end
if tokens.u ~= u then
    return { now, 'NEWER' }
end
redis.call('HSET', RECORD, 'lapsed', '1')
redis.call('HSET', HELD, 'open', '0', 'inherited', '0', 'lease', '0', 'by', '')
closed(sid)
return { now, 'LAPSED' }
