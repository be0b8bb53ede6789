-- Publishes a heartbeat through this master unless one has passed lately, from whichever node. Safe to be sent twice.
--
-- KEYS 1 this master's last heartbeat, in a slot of its own
-- ARGV 1 an id that no other heartbeat has   2 how old the last heartbeat may be, in ms   3 the clock, or ''   (ms)
--      4 on which channels it must pass (publish.lua), as "beat,key,id", behind all that this master published there before;
--        'unsharded' is added to that, so that nodes which publish elsewhere publish there, too: none of theirs passes for it
-- Returns { now, id, age }: the last heartbeat that passed there, this one or another, and its age in ms.
--
-- It writes if the last heartbeat is too old, and otherwise a node wrote just now: an answer means that writes are accepted.
-- The age counts by this server's own clock, whatever the argument says.

local key, id, oldest = KEYS[1], ARGV[1], tonumber(ARGV[2])
local now, here, how = clock(ARGV[3]), exact(''), ARGV[4]

local at, last, where = string.match(typed(redis.pcall('GET', key)) or '', '^([%d.]+),([^,]+),(.*)$')
local age = at and here - tonumber(at) or -1
local isUnsharded = how == 'unsharded'
if age >= 0 and age < oldest and (where == how or where == 'both' and not isUnsharded) then
    return { now, last, math.ceil(age) }
end
redis.call('SET', key, string.format('%.3f,%s,%s', here, id, how), 'PX', '60000')
publish(key, 'beat,' .. key .. ',' .. id .. (isUnsharded and ',unsharded' or ''))
return { now, id, 0 }
