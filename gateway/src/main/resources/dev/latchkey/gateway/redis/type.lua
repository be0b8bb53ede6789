-- What every script makes of a key of another type than it expects: there is nothing in it. It is put before the scripts when
-- they are loaded.

-- The reply of a command that was sent by pcall, or nil where the key is of another type; any other trouble ends the script.
local function typed(reply)
    if type(reply) ~= 'table' or not reply.err then
        return reply
    end
    if string.sub(reply.err, 1, 9) ~= 'WRONGTYPE' then
        error(reply.err)
    end
    return nil
end

-- The same, for a key that is written next: one of another type makes room.
local function room(key, reply)
    local found = typed(reply)
    if found == nil then
        redis.call('DEL', key)
    end
    return found
end
