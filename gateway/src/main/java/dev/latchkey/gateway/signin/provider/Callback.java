package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.provider.Provider;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * A callback that belongs to an attempt of this browser.
 *
 * @param cleared what every answer to it sets
 */
record Callback(ServerRequest request, Provider provider, Attempt attempt, List<SetCookie> cleared) {}
