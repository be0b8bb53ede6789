-- Appends audit events, and removes the oldest beyond a number and an age. Sent twice, it appends them twice.
--
-- KEYS 1 the stream
-- ARGV 1 how many events to keep, about   2 for how long   (ms)   then for each event: how many texts follow, and these,
--        names and values in turn
-- Returns how many events were appended.

local next = 3
local count = 0
while ARGV[next] do
    local size = tonumber(ARGV[next])
    local fields = {}
    for i = 1, size do
        fields[i] = ARGV[next + i]
    end
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(fields))
    next = next + size + 1
    count = count + 1
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', math.max(0, now - tonumber(ARGV[2]))))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return count
