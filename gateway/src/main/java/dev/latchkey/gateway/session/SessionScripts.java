package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import org.springframework.data.redis.core.script.RedisScript;

/** Reads the session scripts, each with what they share put before it; the head of each file is its contract. */
final class SessionScripts {

    private static final String FOLDER = "dev/latchkey/gateway/session/";
    private static final String DENY = "dev/latchkey/gateway/denylist/deny.lua";

    private SessionScripts() {}

    static RedisScript<?> read(String name) {
        return TimedScripts.read(DENY, FOLDER + "prelude.lua", FOLDER + name + ".lua");
    }
}
