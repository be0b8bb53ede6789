-- Gives back attempts: after a password was right, or where another limit rejected one.
--
-- KEYS 1 the counter
-- ARGV 1 'all' to start again, or 'one' to take one attempt off
-- Returns 1.

-- One that cannot be read has none to give back.
local count = redis.pcall('HGET', KEYS[1], 'count')
count = type(count) == 'string' and count or ''
if ARGV[1] == 'all' then
    redis.call('DEL', KEYS[1])
elseif tonumber(count) == 1 then
    redis.call('DEL', KEYS[1])
elseif (tonumber(count) or 0) > 0 then
    redis.call('HINCRBY', KEYS[1], 'count', -1)
end
return 1
