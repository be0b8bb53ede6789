package dev.latchkey.gateway.history;

import java.util.List;

/** How much of what there was in a history, in a line. */
final class Summary {

    private Summary() {}

    static String of(History history) {
        List<Exchange> all = history.exchanges();
        long last = all.stream()
                .mapToLong(exchange -> exchange.travel().sent())
                .max()
                .orElse(0);
        long begun = all.stream()
                .filter(exchange -> exchange.operation() == Operation.SIGN_IN)
                .count();
        long renewed = all.stream()
                .filter(exchange -> exchange.operation() != Operation.SIGN_IN
                        && exchange.reply().refresh().isPresent())
                .count();
        long refused = all.stream().filter(Exchange::refused).count();
        long lost =
                all.stream().filter(exchange -> exchange.travel().landed() < 0).count();
        return "%d requests in %d s by their clock, %d sessions, %d new pairs, %d refused, %d answers lost, %d faults"
                .formatted(
                        all.size(),
                        last / 1000,
                        begun,
                        renewed,
                        refused,
                        lost,
                        history.nemeses().size());
    }
}
