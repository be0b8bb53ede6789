package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Presented;
import dev.latchkey.gateway.history.Exchange.Reply;
import dev.latchkey.gateway.history.Exchange.Travel;
import dev.latchkey.gateway.history.Nemesis.Kind;
import dev.latchkey.gateway.history.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges a whole history by what was seen beside the wire: it knows the promises and nothing of how they are kept. */
final class HistoryChecker {

    private static final int UNAVAILABLE = 503;
    private static final int NOT_FOUND = 404;

    private final History history;
    private final Invariants invariants;
    private final Endings endings = new Endings();
    private final Map<String, Long> lateFrom = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private int excused;

    private HistoryChecker(History history, Invariants invariants) {
        this.history = history;
        this.invariants = invariants;
        history.exchanges().stream()
                .filter(exchange -> !invariants.forgives(exchange))
                .forEach(this::late);
        history.exchanges().forEach(exchange -> endings.note(exchange, session -> isTooLate(session, exchange)));
    }

    static Verdict check(History history, Invariants invariants) {
        HistoryChecker checker = new HistoryChecker(history, invariants);
        history.exchanges().forEach(checker::judge);
        checker.violations.addAll(Lineage.check(history, invariants));
        history.alarms().forEach(checker::alarm);
        return new Verdict(List.copyOf(checker.violations), checker.excused);
    }

    private void late(Exchange exchange) {
        exchange.sessions()
                .forEach(session -> lateFrom.merge(session, exchange.travel().trueSent(), Math::min));
    }

    private void judge(Exchange exchange) {
        if (exchange.accepted()) {
            accepted(exchange);
        } else if (exchange.refused()) {
            refused(exchange);
        } else if (!isAllowed(exchange)) {
            add(Rule.ANSWERED, exchange, "no fault explains this answer");
        }
        if (exchange.reply().clears()
                && exchange.operation() != Operation.SIGN_OUT
                && exchange.operation() != Operation.SIGN_OUT_EVERYWHERE) {
            add(Rule.COOKIES_KEPT, exchange, "a cookie was taken away");
        }
    }

    private boolean isAllowed(Exchange exchange) {
        Reply reply = exchange.reply();
        return switch (reply.status()) {
            case 0 -> exchange.travel().hungUp() || isDisturbed(exchange, Kind.NODE_DOWN);
            case UNAVAILABLE -> reply.retryAfter() && isDisturbed(exchange, Kind.REDIS_AWAY);
            case NOT_FOUND -> exchange.operation() == Operation.END_OTHER && mayBeEnded(exchange.target(), exchange);
            default -> false;
        };
    }

    private boolean isDisturbed(Exchange exchange, Kind kind) {
        return history.nemeses().stream().anyMatch(nemesis -> nemesis.kind() == kind && nemesis.touches(exchange));
    }

    /** Who comes with an access token alone has to refresh: that is no refusal of the session. */
    private void refused(Exchange exchange) {
        if (exchange.operation() == Operation.SIGN_IN) {
            add(Rule.ANSWERED, exchange, "a right password was refused");
        }
        exchange.presented().refresh().map(TokenFacts::session).ifPresent(session -> refused(exchange, session));
    }

    private void refused(Exchange exchange, String session) {
        if (mayBeEnded(session, exchange)) {
            return;
        }
        if (isTooLate(session, exchange)) {
            excused++;
            return;
        }
        add(Rule.LET_IN, exchange, "an honest client was refused");
    }

    private boolean isTooLate(String session, Exchange exchange) {
        return lateFrom.getOrDefault(session, Long.MAX_VALUE)
                <= exchange.travel().trueAnswered();
    }

    private boolean mayBeEnded(String session, Exchange exchange) {
        return endings.mayBeEnded(session, exchange.travel().trueAnswered());
    }

    private void accepted(Exchange exchange) {
        Presented presented = exchange.presented();
        Travel travel = exchange.travel();
        long known = travel.trueSent() - invariants.propagation().toMillis();
        boolean isOut = presented.tokens().findAny().isPresent()
                && presented.tokens().map(TokenFacts::session).allMatch(session -> endings.isEnded(session, known));
        if (isOut && exchange.operation().needsLiveSession()) {
            add(Rule.KEPT_OUT, exchange, "a revoked session was let in");
        }
        String caller = exchange.reply().caller();
        if (!caller.isEmpty() && !caller.equals(exchange.user())) {
            add(Rule.RIGHT_CALLER, exchange, "the backend served " + caller);
        }
    }

    /** A request that was let in has not raised it; for the others the same excuse holds as for a refusal. */
    private void alarm(Alarm alarm) {
        List<Exchange> concerned =
                history.exchanges().stream().filter(alarm::concerns).toList();
        if (concerned.stream().anyMatch(exchange -> !exchange.accepted() && isTooLate(alarm.session(), exchange))) {
            excused++;
            return;
        }
        concerned.stream()
                .filter(Exchange::refused)
                .findFirst()
                .or(() -> concerned.stream().findFirst())
                .ifPresentOrElse(
                        first -> add(Rule.NO_ALARM, first, alarm.toString()),
                        () -> add(Rule.NO_ALARM, history.exchanges().get(0), alarm + ", by nobody here"));
    }

    private void add(Rule rule, Exchange exchange, String why) {
        violations.add(new Violation(rule, exchange, why));
    }

    /**
     * What came of it.
     *
     * @param excused refusals of clients whose requests or answers were under way for longer than is forgiven, and
     *     alarms for them
     */
    record Verdict(List<Violation> violations, int excused) {}
}
