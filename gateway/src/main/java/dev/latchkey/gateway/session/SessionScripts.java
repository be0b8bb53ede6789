package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import org.springframework.data.redis.core.script.RedisScript;

/** Reads the session scripts, each with what they share put before it; the head of each file is its contract. */
final class SessionScripts {

    private static final String FOLDER = "dev/latchkey/gateway/session/";

    private SessionScripts() {}

    static RedisScript<?> read(String name) {
        return TimedScripts.read(FOLDER + "prelude.lua", FOLDER + name + ".lua");
    }
}
