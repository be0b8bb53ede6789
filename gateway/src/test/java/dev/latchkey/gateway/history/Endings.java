package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which sessions may have been ended, and which must have been, as far as requests and answers show; true times. */
final class Endings {

    private static final long FOREVER = Long.MAX_VALUE;

    private final Map<String, Life> lives = new HashMap<>();
    private final Map<String, Ending> endings = new HashMap<>();
    private final Map<String, List<Ending>> everywhere = new HashMap<>();

    /**
     * Notes an exchange that is over. What was refused has ended nothing; what was not answered may have. By tokens a
     * session ends only where they could still be used, which is not promised to who was late.
     */
    void note(Exchange exchange, Predicate<String> late) {
        if (exchange.refused()) {
            return;
        }
        switch (exchange.operation()) {
            case SIGN_IN -> signedIn(exchange, late);
            case SIGN_OUT ->
                named(exchange).ifPresent(session -> ended(session, endingOf(exchange, late.test(session))));
            case END_OTHER -> ended(exchange.target(), endingOf(exchange, false));
            case SIGN_OUT_EVERYWHERE ->
                everywhere
                        .computeIfAbsent(exchange.user(), unused -> new ArrayList<>())
                        .add(endingOf(exchange, false));
            default -> {
                return;
            }
        }
    }

    /** A sign-in ends the session that its cookies name. */
    private void signedIn(Exchange exchange, Predicate<String> late) {
        exchange.presented()
                .refresh()
                .map(TokenFacts::session)
                .ifPresent(session -> ended(session, endingOf(exchange, late.test(session))));
        Reply reply = exchange.reply();
        long answered = exchange.travel().trueAnswered();
        reply.access()
                .ifPresent(token -> lives.put(
                        token.session(),
                        new Life(exchange.user(), exchange.travel().trueSent(), answered)));
    }

    /** The refresh token counts, for it is the one that a sign-out looks at first. */
    private static Optional<String> named(Exchange exchange) {
        return exchange.presented()
                .refresh()
                .or(() -> exchange.presented().access())
                .map(TokenFacts::session);
    }

    private static Ending endingOf(Exchange exchange, boolean isLate) {
        return new Ending(
                exchange.travel().trueSent(),
                exchange.accepted() && !isLate ? exchange.travel().trueAnswered() : FOREVER);
    }

    private void ended(String session, Ending ending) {
        endings.merge(session, ending, Ending::earliest);
    }

    /** Whether a refusal that was answered then has a reason. */
    boolean mayBeEnded(String session, long time) {
        Ending own = endings.get(session);
        if (own != null && own.begun <= time) {
            return true;
        }
        Life life = lives.get(session);
        return life != null
                && ofUser(life).stream().anyMatch(end -> end.begun <= time && (life.begun <= end.acknowledged));
    }

    /** Whether nobody may be let in with tokens of it from then on. */
    boolean isEnded(String session, long time) {
        Ending own = endings.get(session);
        if (own != null && own.acknowledged <= time) {
            return true;
        }
        Life life = lives.get(session);
        return life != null
                && ofUser(life).stream().anyMatch(end -> end.acknowledged <= time && life.known < end.begun);
    }

    private List<Ending> ofUser(Life life) {
        return everywhere.getOrDefault(life.user, List.of());
    }

    /**
     * A session's beginning.
     *
     * @param begun when the sign-in was sent
     * @param known when it was answered
     */
    private record Life(String user, long begun, long known) {}

    /**
     * What ends sessions.
     *
     * @param begun from when on it may have happened
     * @param acknowledged from when on it has
     */
    private record Ending(long begun, long acknowledged) {

        Ending earliest(Ending other) {
            return new Ending(Math.min(begun, other.begun), Math.min(acknowledged, other.acknowledged));
        }
    }
}
