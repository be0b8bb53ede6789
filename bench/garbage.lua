-- Texts where a token should be: no two alike, most of them shaped like ours, none of them ours.
--
-- Each connection has a counter of its own; `shapes` come from garbage.sh, in the file that GARBAGE names: one a line, and
-- "@" is where a changing part goes.

local shapes = {}
for line in io.lines(os.getenv('GARBAGE')) do
  shapes[#shapes + 1] = line
end

local seed = 0
function setup(thread)
  seed = seed + 1
  thread:set('start', seed * 100000000)
end

local count = 0
function request()
  count = count + 1
  local token = string.gsub(shapes[count % #shapes + 1], '@', tostring(start + count))
  local kind = count % 4
  if kind == 0 then
    return wrk.format('GET', '/api/x', { ['Cookie'] = 'latchkey-access=' .. token })
  elseif kind == 1 then
    return wrk.format('GET', '/api/x', { ['Cookie'] = 'latchkey-refresh-0=' .. token })
  elseif kind == 2 then
    return wrk.format('GET', '/api/x',
      { ['Authorization'] = 'Bearer ' .. token, ['Latchkey-Refresh-Token'] = token })
  end
  return wrk.format('GET', '/api/x', { ['Authorization'] = 'Bearer ' .. token })
end
