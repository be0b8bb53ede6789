-- Decides which node asks a store of users for changes, so that one does. Safe to be sent twice.
--
-- KEYS 1 the claim: "node until"
-- ARGV 1 this node   2 how long its claim holds unless it claims again   3 the clock, or ''   (ms)
-- Returns { now, claimed }: claimed is 1 where this node has the claim, which nobody had, which it had, or which was over.

local claim, node, life = KEYS[1], ARGV[1], tonumber(ARGV[2])
local now = clock(ARGV[3])

local holder, ends = string.match(room(claim, redis.pcall('GET', claim)) or '', '^(%S+) (%d+)$')
if holder and holder ~= node and now < tonumber(ends) then
    return { now, 0 }
end
redis.call('SET', claim, string.format('%s %.0f', node, now + life), 'PX', life)
return { now, 1 }
