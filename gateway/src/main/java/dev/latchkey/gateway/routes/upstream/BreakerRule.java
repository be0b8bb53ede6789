package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.Set;

/**
 * When a route's circuit opens, to give a failing backend a rest.
 *
 * @param failureRate percent of the calls in the window; failures are calls without an answer and those of the statuses
 * @param statuses answers that count as failures
 * @param slowRate percent of calls that are slow
 * @param slowAfter a call whose answer begins later than this is slow; with a body, from when all of it was sent
 * @param window the number of last calls that count
 * @param minimumCalls the number of calls before anything is decided
 * @param openFor how long nothing is sent then
 * @param halfOpenCalls the number of calls that then decide whether it closes
 */
public record BreakerRule(
        int failureRate,
        Set<Integer> statuses,
        int slowRate,
        Duration slowAfter,
        int window,
        int minimumCalls,
        Duration openFor,
        int halfOpenCalls) {

    public static final int FAILURE_RATE = 50;

    /** What proxies and overloaded servers say; a 500 is often the fault of one request, not of the backend. */
    public static final Set<Integer> STATUSES = Set.of(502, 503, 504);

    public static final int SLOW_RATE = 100;
    public static final Duration SLOW_AFTER = Duration.ofSeconds(60);
    public static final int WINDOW = 100;
    public static final int MINIMUM_CALLS = 20;
    public static final Duration OPEN_FOR = Duration.ofSeconds(30);
    public static final int HALF_OPEN_CALLS = 5;

    public BreakerRule {
        statuses = Set.copyOf(statuses);
    }
}
