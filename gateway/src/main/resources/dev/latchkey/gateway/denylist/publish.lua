-- How a script publishes to all nodes what it changed in the denylist; it is put before the scripts when they are loaded.
--
-- The script's last argument says on which channels: 'sharded', on the one that is named as the key that changed, which no
-- other shard of a cluster has to pass on; 'both', for nodes that do not listen there; else on latchkey:denied,
-- and with 'plain:N' on that of database N, latchkey:denied:N.

-- Not written out where it is called: a server before 7 does not know it, and need not.
local SHARDED = 'SPUBLISH'

local function publish(key, message)
    local how = ARGV[#ARGV]
    local isPublished = how == 'sharded' or how == 'both'
    if isPublished then
        local answer = redis.pcall(SHARDED, key, message)
        isPublished = not (type(answer) == 'table' and answer.err)
    end
    if not isPublished or how == 'both' then
        local database = string.sub(how, 1, 6) == 'plain:' and string.sub(how, 6) or ''
        redis.call('PUBLISH', 'latchkey:denied' .. database, message)
    end
end
