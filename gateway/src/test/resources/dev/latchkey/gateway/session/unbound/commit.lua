-- Whether tokens of generation g may still be set, a while after they were minted. Safe to be sent twice.
--
-- KEYS 1 the session's record
-- ARGV 1 g   2 whether a refresh token is among them, 1 or 0   3 grace   4 the clock, or ''   (times in ms)
-- Returns { now, 1 or 0 }: 1 where the session lives, g is the newest and, for a refresh token, its first use is less than
-- grace ago or was not seen yet; then the mint counts from now.

local key = KEYS[1]
local g, refresh, grace = tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3])
local now = clock(ARGV[4])

local record = read(key)
if not record or record.state ~= ACTIVE or now >= record.expires or record.gen ~= g then
    return { now, 0 }
end
if not refresh then
    return { now, 1 }
end
local current = generation(record, g)
if current.used and now - current.used >= grace then
    return { now, 0 }
end
current.minted, current.forked = math.max(current.minted, now), math.max(current.forked, now)
keep(key, record, current)
return { now, 1 }
