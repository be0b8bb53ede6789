-- Sessions that go on by their cookies alone, or, where a line of SESSIONS has more than a token, by a proof of their device:
-- behind the token stand the session's public id and what its key signed for the next rotations, each of which is used once.
-- A session is used again when all others have been, so that none rotates within its grace.

local all = {}

function setup(thread)
    thread:set('number', #all)
    table.insert(all, thread)
end

-- wrk may end with a fault of memory where it copies more than one table from a thread, so a session is one line here, too.
function init()
    lines, first, last, proofs = {}, 1, 0, {}
    local line = 0
    for text in io.lines(os.getenv('SESSIONS')) do
        if line % 2 == number then
            local bound = text:find(' ', 1, true)
            local name = '__Host-latchkey-refresh-' .. (bound and '0=' or '1=')
            add(text:find('=', 1, true) and text or name .. text)
        end
        line = line + 1
    end
end

function add(line)
    last = last + 1
    lines[last] = line
end

function stop(why)
    io.stderr:write(why, '\n')
    os.exit(1)
end

function request()
    local cookie, id, proof, rest = lines[first]:match('^(%S+) ?(%S*) ?(%S*) ?(.*)$')
    lines[first] = nil
    first = first + 1
    if id == '' then
        return wrk.format('POST', '/auth/refresh', { ['Cookie'] = cookie })
    end
    if proof == '' then
        stop('a session has no proof left: set PROOFS higher')
    end
    proofs[id] = rest
    return wrk.format('POST', '/auth/device/refresh', {
        ['Cookie'] = cookie,
        ['Sec-Secure-Session-Id'] = '"' .. id .. '"',
        ['Secure-Session-Response'] = '"' .. proof .. '"',
    })
end

-- The refresh cookie is the last that is set. An answer without one was no rotation.
function response(status, headers)
    local cookie = (headers['Set-Cookie'] or ''):match('^[%w_-]+%-refresh%-%d=[^;]+')
    if not cookie then
        stop('an answer with the status ' .. status .. ' brought no refresh token')
    end
    local id = (headers['Secure-Session-Challenge'] or ''):match('id="([^"]+)"')
    if id then
        cookie = cookie .. ' ' .. id .. ' ' .. proofs[id]
        proofs[id] = nil
    end
    add(cookie)
end

-- For the next time, in the same order; those whose answers are still under way are lost.
function done()
    local out = io.open(os.getenv('SESSIONS'), 'w')
    for _, thread in ipairs(all) do
        local lines = thread:get('lines')
        for i = thread:get('first'), thread:get('last') do
            if lines[i] then
                out:write(lines[i], '\n')
            end
        end
    end
    out:close()
end
