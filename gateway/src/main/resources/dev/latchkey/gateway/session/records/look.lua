-- What is known of a session, live or ended. Reads only.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones
-- ARGV 1 sid   2 the clock, or ''   (ms)   then what every script is given last and this one does not look at
-- Returns { now, how long the record stays, tombstone or '', entry of the denylist or '', then the record's fields and values }.
-- A key of another type holds nothing.

local function field(key)
    return typed(redis.pcall('HGET', key, ARGV[1])) or ''
end

local answer = { clock(ARGV[2]), redis.call('PTTL', KEYS[1]), field(KEYS[3]), field(KEYS[2]) }
for _, part in ipairs(typed(redis.pcall('HGETALL', KEYS[1])) or {}) do
    answer[#answer + 1] = part
end
return answer
