-- Uses something up that counts once.
--
-- KEYS 1 its key
-- ARGV 1 how long it is remembered (ms); 0 only to look
-- Returns 1 if it was not used up before, else 0.

if ARGV[1] == '0' then
    return redis.call('GET', KEYS[1]) and 0 or 1
end
return redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) and 1 or 0
