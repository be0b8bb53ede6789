package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Presented;
import dev.latchkey.gateway.history.Exchange.Reply;
import dev.latchkey.gateway.history.Exchange.Travel;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A request under way. */
final class Flight {

    private final int number;
    private final String client;
    private final String user;
    private final TokenStore tokens;
    private final Intent intent;
    private final long composed;
    private final Consumer<Landing> landing;
    private int node = -1;
    private long sent;
    private long trueSent;
    private CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
    private boolean over;

    /** @param tokens as it was when the request was composed */
    Flight(int number, Rider rider, TokenStore tokens, Intent intent, long composed, Consumer<Landing> landing) {
        this.number = number;
        this.client = rider.client;
        this.user = rider.user;
        this.tokens = tokens;
        this.intent = intent;
        this.composed = composed;
        this.landing = landing;
    }

    int number() {
        return number;
    }

    Intent intent() {
        return intent;
    }

    TokenStore tokens() {
        return tokens;
    }

    void sent(int toNode, long now, CompletableFuture<HttpResponse<String>> pending) {
        node = toNode;
        sent = now;
        trueSent = TimeScale.trueTime();
        answer = pending;
    }

    /** Whether this is the first that is heard of its end. */
    boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

    boolean isOver() {
        return over;
    }

    void hangUp() {
        answer.cancel(true);
    }

    void land(Exchange exchange, Optional<HttpResponse<String>> what) {
        landing.accept(new Landing(exchange, what));
    }

    /** What an observer beside the wire writes down. */
    Exchange record(Optional<HttpResponse<String>> what, long answered, long trueAnswered, boolean hungUp) {
        Presented presented = tokens.presented(intent.operation());
        Reply reply = what.map(response -> IssuedTokens.reply(intent.operation(), presented, response))
                .orElse(Reply.NONE);
        long landed = what.isPresent() && !intent.lost() ? answered + intent.back() : Travel.NEVER;
        Travel travel = new Travel(node, composed, sent, answered, landed, trueSent, trueAnswered, hungUp);
        return new Exchange(number, client, user, intent.operation(), intent.target(), presented, travel, reply);
    }

    /** Who sends it, and as whom. */
    record Rider(String client, String user) {}

    /** @param answer empty where none reached the client */
    record Landing(Exchange exchange, Optional<HttpResponse<String>> answer) {}
}
