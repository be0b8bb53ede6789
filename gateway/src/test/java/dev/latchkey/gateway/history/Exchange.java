package dev.latchkey.gateway.history;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * One request, and what became of it.
 *
 * @param number in the order in which they were composed
 * @param target the public id of the session that {@link Operation#END_OTHER} names
 */
record Exchange(
        int number,
        String client,
        String user,
        Operation operation,
        String target,
        Presented presented,
        Travel travel,
        Reply reply) {

    boolean accepted() {
        return reply.status() >= 200 && reply.status() < 300;
    }

    boolean refused() {
        return reply.status() == 401;
    }

    /** The sessions that it names or that it was given tokens of. */
    Stream<String> sessions() {
        Stream<TokenFacts> facts = Stream.of(presented.access(), presented.refresh(), reply.access(), reply.refresh())
                .flatMap(Optional::stream);
        return Stream.concat(facts.map(TokenFacts::session), Stream.of(target).filter(session -> !session.isEmpty()));
    }

    @Override
    public String toString() {
        String other = target.isEmpty() ? "" : " " + TokenFacts.shortened(target);
        return "#%d %s (%s) %s%s %s -> %s; %s"
                .formatted(number, client, user, operation, other, presented, reply, travel);
    }

    private static String text(Optional<TokenFacts> facts) {
        return facts.map(TokenFacts::toString).orElse("-");
    }

    /** What the request carried; of several refresh tokens the newest. */
    record Presented(Optional<TokenFacts> access, Optional<TokenFacts> refresh) {

        static final Presented NOTHING = new Presented(Optional.empty(), Optional.empty());

        Stream<TokenFacts> tokens() {
            return Stream.of(access, refresh).flatMap(Optional::stream);
        }

        @Override
        public String toString() {
            return "access %s refresh %s".formatted(text(access), text(refresh));
        }
    }

    /**
     * When it was where. Story times are milliseconds by the clock that the gateways live by, true times by one that
     * nobody can move; {@code -1} is never.
     *
     * @param node to which it was sent
     * @param composed when the client looked into its jar
     * @param sent when it reached the node
     * @param answered when the answer left the node
     * @param landed when the client applied the answer
     * @param hungUp whether the client went away before there was an answer
     */
    record Travel(
            int node,
            long composed,
            long sent,
            long answered,
            long landed,
            long trueSent,
            long trueAnswered,
            boolean hungUp) {

        static final long NEVER = -1;

        /** How long request and answer together were under way, the node's and the backend's part left out. */
        long underWay() {
            return sent - composed + (landed == NEVER ? 0 : landed - answered);
        }

        @Override
        public String toString() {
            String end = landed == NEVER ? "lost" : "landed " + landed;
            return "node %d, composed %d, sent %d, answered %d, %s".formatted(node, composed, sent, answered, end);
        }
    }

    /**
     * What came back.
     *
     * @param status 0 where none came: the node died, or the client hung up
     * @param clears whether it takes a cookie away
     * @param retryAfter whether it says when to try again
     * @param caller whom the backend believed to serve
     */
    record Reply(
            int status,
            Optional<TokenFacts> access,
            Optional<TokenFacts> refresh,
            boolean clears,
            boolean retryAfter,
            String caller) {

        static final Reply NONE = new Reply(0, Optional.empty(), Optional.empty(), false, false, "");

        @Override
        public String toString() {
            return "%d access %s refresh %s%s".formatted(status, text(access), text(refresh), clears ? " clears" : "");
        }
    }
}
