-- Gives back attempts after a password was right.
--
-- KEYS 1 the counter
-- ARGV 1 'all' to begin anew, or 'one' to take one attempt off
-- Returns 1.

if ARGV[1] == 'all' then
    redis.call('DEL', KEYS[1])
elseif tonumber(redis.call('HGET', KEYS[1], 'count') or '0') > 0 then
    redis.call('HINCRBY', KEYS[1], 'count', -1)
end
return 1
