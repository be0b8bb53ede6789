package dev.latchkey.gateway.history;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How clients behave.
 *
 * @param operations each as often as it is likely
 * @param travel the longest way of a request or an answer, in milliseconds
 * @param rest the longest time between two operations of a client, in milliseconds
 * @param hold the longest time that a backend takes, in milliseconds
 */
record ClientProfile(List<Operation> operations, int travel, long rest, long hold) {

    /** Everything happens. */
    static ClientProfile lively(Duration grace, Duration access) {
        return new ClientProfile(
                operations(60, 8, 4, 18, 1), travel(grace), 4 * access.toMillis(), 2 * access.toMillis());
    }

    /** Nobody signs out. */
    static ClientProfile loyal(Duration grace, Duration access) {
        return new ClientProfile(operations(60, 8, 4, 18, 0), travel(grace), access.toMillis(), access.toMillis() / 2);
    }

    /** The same before backends that take up to that long. */
    ClientProfile holding(Duration longest) {
        return new ClientProfile(operations, travel, rest, longest.toMillis());
    }

    /** Both ways, the second at the node and what machines add stay below grace. */
    private static int travel(Duration grace) {
        return (int) (grace.toMillis() - 2000) / 2;
    }

    private static List<Operation> operations(int gets, int slow, int sessions, int refreshes, int endings) {
        return Stream.of(
                        times(gets, Operation.GET),
                        times(slow, Operation.SLOW_GET),
                        times(sessions, Operation.SESSION),
                        times(refreshes, Operation.REFRESH),
                        times(endings, Operation.SIGN_IN),
                        times(endings, Operation.SIGN_OUT),
                        times(endings, Operation.END_OTHER),
                        times(endings, Operation.SIGN_OUT_EVERYWHERE))
                .flatMap(operations -> operations)
                .toList();
    }

    private static Stream<Operation> times(int count, Operation operation) {
        return Stream.generate(() -> operation).limit(count);
    }
}
