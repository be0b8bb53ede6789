-- Keeps the way back of somebody who signs in, if there is room. What is kept is counted by periods as long as its life, so
-- that it need not be counted off when it ends: all that lives was kept in this period or the one before.
--
-- KEYS 1 where to keep it   2 how many an address keeps, a hash of period to number   3 how many bytes are kept in all,
--      a hash of period to number
-- ARGV 1 the path   2 how long it lives   3 how many an address may keep   4 how many bytes all may   5 the clock, or ''
--      (times in ms)
-- Returns 1, or 0 where there is no room; then nothing is changed.

local life, now = tonumber(ARGV[2]), clock(ARGV[5])
local period = math.floor(now / life)

local function field(ago)
    return string.format('%.0f', period - ago)
end

local function alive(key)
    local this = room(key, redis.pcall('HGET', key, field(0)))
    return (tonumber(this or '') or 0) + (tonumber(redis.call('HGET', key, field(1)) or '') or 0)
end

local function add(key, number)
    redis.call('HINCRBY', key, field(0), number)
    redis.call('HDEL', key, field(2))
    redis.call('PEXPIRE', key, 2 * life)
end

-- What Redis itself needs for a key, about.
local bytes = #ARGV[1] + 150
if alive(KEYS[2]) >= tonumber(ARGV[3]) or alive(KEYS[3]) + bytes > tonumber(ARGV[4]) then
    return 0
end
add(KEYS[2], 1)
add(KEYS[3], bytes)
redis.call('SET', KEYS[1], ARGV[1], 'PX', life)
return 1
