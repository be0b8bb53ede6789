-- Removes events that have a name with a value. Safe to be sent twice.
--
-- KEYS 1 the stream
-- ARGV 1 where to begin: '+', or '(' and an id   2 how many events to look at   3 the name   4 the value
-- Returns { how many were looked at, the id of the last of them or '', how many were removed }.

local entries = redis.call('XREVRANGE', KEYS[1], ARGV[1], '-', 'COUNT', ARGV[2])
local removed = 0
for _, entry in ipairs(entries) do
    local fields = entry[2]
    for i = 1, #fields, 2 do
        if fields[i] == ARGV[3] and fields[i + 1] == ARGV[4] then
            removed = removed + redis.call('XDEL', KEYS[1], entry[1])
            break
        end
    end
end
return { #entries, #entries > 0 and entries[#entries][1] or '', removed }
