package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.token.SessionClaims;
import java.net.URI;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sign-out at the OpenID Provider of a session. */
public interface ProviderSignOut {

    /**
     * Where a browser goes on to after the session was ended here; to be asked before that, and to be used only if the
     * session was proven to be the client's. Empty for a session that no provider began. Never fails.
     *
     * @param back where the browser goes after that; the root is no wish
     */
    Mono<Optional<Next>> next(ServerWebExchange exchange, SessionClaims session, ReturnPath back);

    /**
     * Where the browser goes on to.
     *
     * @param label what users call the provider
     * @param address the provider's (OpenID Connect RP-Initiated Logout 1.0 section 2), or a page of ours if it has
     *     none
     */
    record Next(String label, URI address) {

        /** Hides the address, which holds an ID token. */
        @Override
        public String toString() {
            return "Next[" + label + "]";
        }
    }
}
