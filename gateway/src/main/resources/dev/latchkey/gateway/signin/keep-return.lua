-- Keeps the return path of a user who signs in, if there is room. Amounts are stored by expiry, so that exactly what is alive
-- counts: the number to the millisecond, the bytes rounded up to a tenth of a life.
--
-- KEYS 1 where to keep it   2 how many an address keeps, a hash of end to number   3 how many bytes are kept in all,
--      a hash of end to number
-- ARGV 1 the path   2 how long it lives   3 how many an address may keep   4 how many bytes all may   5 the clock, or ''
--      (times in ms)
-- Returns 1, or 0 if there is no room; then nothing is kept. What has expired is removed in any case.

local life, now = tonumber(ARGV[2]), clock(ARGV[5])
local step = math.ceil(life / 10)

local function alive(key)
    local sum, all = 0, room(key, redis.pcall('HGETALL', key)) or {}
    for i = 1, #all, 2 do
        local till, number = tonumber(all[i]) or 0, tonumber(all[i + 1])
        if number and till > now and till <= now + life + step then
            sum = sum + number
        else
            redis.call('HDEL', key, all[i])
        end
    end
    return sum
end

local function add(key, till, number)
    redis.call('HINCRBY', key, string.format('%.0f', till), number)
    redis.call('PEXPIRE', key, life + step)
end

-- About what Redis itself needs for a key.
local bytes = #ARGV[1] + 150
if alive(KEYS[2]) >= tonumber(ARGV[3]) or alive(KEYS[3]) + bytes > tonumber(ARGV[4]) then
    return 0
end
add(KEYS[2], now + life, 1)
add(KEYS[3], math.ceil((now + life) / step) * step, bytes)
redis.call('SET', KEYS[1], ARGV[1], 'PX', life)
return 1
