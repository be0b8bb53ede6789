-- Uses up the state of an attempt to sign in with a provider.
--
-- KEYS 1 the state's
-- ARGV 1 how long it is remembered, in ms
-- Returns 1 for the first use, 0 for every other.

return redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) and 1 or 0
