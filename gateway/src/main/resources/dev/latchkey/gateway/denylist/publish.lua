-- How a script publishes to all nodes what it changed in the denylist; it is put before the scripts when they are loaded.
--
-- The script's last argument says on which channels: 'sharded', on the one that is named as the key that changed, which no
-- other shard of a cluster has to pass on; 'both', for nodes of a version that does not listen there; else on latchkey:denied.

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
        redis.call('PUBLISH', 'latchkey:denied', message)
    end
end
