package dev.latchkey.gateway.history;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How clients behave.
 *
 * @param acts each as often as it is likely
 * @param travel the longest way of a request or an answer, in milliseconds
 * @param rest the longest time between two acts of a client, in milliseconds
 * @param hold the longest time that a backend takes, in milliseconds
 */
record Temper(List<Act> acts, int travel, long rest, long hold) {

    /** Everything happens. */
    static Temper lively(Duration grace, Duration access) {
        return new Temper(acts(60, 8, 4, 18, 1), travel(grace), 4 * access.toMillis(), 2 * access.toMillis());
    }

    /** Nobody signs out. */
    static Temper loyal(Duration grace, Duration access) {
        return new Temper(acts(60, 8, 4, 18, 0), travel(grace), access.toMillis(), access.toMillis() / 2);
    }

    /** The same before backends that take up to so long. */
    Temper holding(Duration longest) {
        return new Temper(acts, travel, rest, longest.toMillis());
    }

    /** Both ways, the second at the node and what machines add stay below grace. */
    private static int travel(Duration grace) {
        return (int) (grace.toMillis() - 2000) / 2;
    }

    private static List<Act> acts(int gets, int slow, int sessions, int refreshes, int endings) {
        return Stream.of(
                        times(gets, Act.GET),
                        times(slow, Act.SLOW_GET),
                        times(sessions, Act.SESSION),
                        times(refreshes, Act.REFRESH),
                        times(endings, Act.SIGN_IN),
                        times(endings, Act.SIGN_OUT),
                        times(endings, Act.END_OTHER),
                        times(endings, Act.SIGN_OUT_EVERYWHERE))
                .flatMap(it -> it)
                .toList();
    }

    private static Stream<Act> times(int count, Act act) {
        return Stream.generate(() -> act).limit(count);
    }
}
