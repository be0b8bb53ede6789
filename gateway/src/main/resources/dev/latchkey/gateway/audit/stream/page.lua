-- Looks for events from the newest to the oldest. It only reads.
--
-- KEYS 1 the stream
-- ARGV 1 where to begin: '+', or '(' and an id   2 how many events to look at   3 how many to find   then names and
--        values in turn, each of which an event must have
-- Returns { how many were looked at, the id of the last of them or '', then for each that was found { id, name, value, ... } }.

local function matches(fields)
    for i = 4, #ARGV, 2 do
        local found = false
        for j = 1, #fields, 2 do
            found = found or (fields[j] == ARGV[i] and fields[j + 1] == ARGV[i + 1])
        end
        if not found then
            return false
        end
    end
    return true
end

local most = tonumber(ARGV[3])
local answer = { 0, '' }
for _, entry in ipairs(redis.call('XREVRANGE', KEYS[1], ARGV[1], '-', 'COUNT', ARGV[2])) do
    if #answer - 2 == most then
        break
    end
    answer[1] = answer[1] + 1
    answer[2] = entry[1]
    if matches(entry[2]) then
        table.insert(answer, { entry[1], unpack(entry[2]) })
    end
end
return answer
