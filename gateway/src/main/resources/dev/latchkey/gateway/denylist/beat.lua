-- Tells all nodes that this master is heard, and when.
--
-- ARGV 1 what to publish on latchkey:denied   2 the clock, or ''   (ms)
-- Returns { now }, or { now, 'REPLICA' } without publishing where this server is no master: its word proves nothing.

local now = clock(ARGV[2])
if not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
    return { now, 'REPLICA' }
end
redis.call('PUBLISH', 'latchkey:denied', ARGV[1])
return { now }
