-- Ends a session and denies its tokens at once. Safe to be sent twice, and for a session whose record is gone.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones
-- ARGV 1 sid   2 the reason   3 how long a denylist entry stays   4 the clock, or ''   (times in ms)
-- Returns { now }, or { now, row } where it was over before, as rotate says it, with the same reason behind REVOKED: an ended
-- session keeps the reason that it ended by.

local now = clock(ARGV[4])
local record, unread = read(KEYS[1])
local row, reason
if not unread then
    row, reason = over(record, KEYS[3], ARGV[1], now)
end
revoke(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], tonumber(ARGV[3]), now)
return { now, row, reason }
