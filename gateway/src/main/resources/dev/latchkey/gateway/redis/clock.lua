-- The clock of every script that judges by time; it is put before them when they are loaded. Tests tell the time by an
-- argument of the script; where that is empty it is the TIME of this server.

-- In milliseconds, with what is less than one.
local function exact(argument)
    if argument ~= '' then
        return tonumber(argument)
    end
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end

-- In whole milliseconds.
local function clock(argument)
    return math.floor(exact(argument))
end
