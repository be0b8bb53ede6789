package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Presented;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Where a client keeps its tokens. */
interface TokenStore {

    /** The request for this, with what a client of this kind sends along. */
    HttpRequest.Builder request(String base, Operation operation, String argument);

    /** Applies what an answer brings. */
    void take(Exchange exchange, HttpResponse<String> answer);

    /** What a request of now presents when it tries this. */
    Presented presented(Operation operation);

    /** Whether there is anything to stay signed in by. */
    boolean isSignedIn();

    /** The same tokens, and from here on another store. */
    TokenStore copy();
}
