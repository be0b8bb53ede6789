-- Tells all nodes that this master is heard, and when.
--
-- ARGV 1 what to publish on latchkey:denied   2 the clock, or ''   (ms)
-- Returns { now }, or { now, 'REPLICA' } without publishing where this server is no master: its word proves nothing.

local now
if ARGV[2] ~= '' then
    now = tonumber(ARGV[2])
else
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
if not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
    return { now, 'REPLICA' }
end
redis.call('PUBLISH', 'latchkey:denied', ARGV[1])
return { now }
