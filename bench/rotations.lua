-- Sessions that rotate: each request brings nothing but a refresh token, and the answer brings the next one. A session is used
-- again when all others have been, so that none rotates within its grace. ROTATIONS is a file of their first tokens.

local all = {}

function setup(thread)
    thread:set('number', #all)
    table.insert(all, thread)
end

function init()
    tokens, first, last = {}, 1, 0
    local line = 0
    for token in io.lines(os.getenv('ROTATIONS')) do
        if line % 2 == number then
            last = last + 1
            tokens[last] = token
        end
        line = line + 1
    end
end

function request()
    local token = tokens[first]
    tokens[first] = nil
    first = first + 1
    return wrk.format('GET', '/api/x', { ['Latchkey-Refresh-Token'] = token })
end

-- An answer without one comes within the grace, and counts as failed.
function response(status, headers)
    last = last + 1
    tokens[last] = headers['Latchkey-Refresh-Token']
    if not tokens[last] then
        wrk.thread:stop()
    end
end

-- For the next time, in the same order; those whose answers are still under way are lost.
function done()
    local out = io.open(os.getenv('ROTATIONS'), 'w')
    for _, thread in ipairs(all) do
        local tokens = thread:get('tokens')
        for i = thread:get('first'), thread:get('last') do
            if tokens[i] then
                out:write(tokens[i], '\n')
            end
        end
    end
    out:close()
end
