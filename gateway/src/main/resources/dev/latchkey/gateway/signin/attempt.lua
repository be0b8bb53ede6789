-- Counts one sign-in attempt against one limit, before the password is looked at: parallel guesses cannot slip through.
--
-- KEYS 1 the counter
-- ARGV 1 the limit   2 the window   3 the clock, or ''   (times in ms)
-- Returns 0 if the attempt may go on, else the milliseconds until the window ends.
--
-- Invariants: the count never passes the limit within a window; a rejected attempt does not lengthen the window; each counter
-- expires by itself.

return take(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), clock(ARGV[3]))
