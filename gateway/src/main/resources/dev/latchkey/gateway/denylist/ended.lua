-- What is left of sessions that have ended. Reads only.
--
-- KEYS 1 a shard's tombstones   2 what nodes know of sessions whose tombstones Redis has lost
-- ARGV 1.. sids   then the clock, or ''   (ms)   then what every script is given last and this one does not look at
-- Returns { now, version of the second key, a tombstone or '' for each sid }.

local function field(key, name)
    return typed(redis.pcall('HGET', key, name))
end

local answer = { clock(ARGV[#ARGV - 1]), field(KEYS[2], 'version') or '0' }
for i = 1, #ARGV - 2 do
    answer[#answer + 1] = field(KEYS[1], ARGV[i]) or ''
end
return answer
