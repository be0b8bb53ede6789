package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Violation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether each session's generations form one line, as far as the tokens show that were handed out. */
final class Lineage {

    private final Invariants invariants;
    private final Map<Child, TokenFacts> parents = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private Lineage(Invariants invariants) {
        this.invariants = invariants;
    }

    static List<Violation> check(History history, Invariants invariants) {
        Lineage lineage = new Lineage(invariants);
        history.exchanges().forEach(lineage::step);
        if (invariants.keepsWrites()) {
            lineage.neverBack(history.exchanges());
        }
        return lineage.violations;
    }

    /** A new refresh token is one generation on; an access token alone is of the generation that was presented. */
    private void step(Exchange exchange) {
        if (exchange.operation() == Operation.SIGN_IN) {
            exchange.reply().refresh().filter(token -> token.generation() != 1).ifPresent(first -> {
                add(exchange, "a session does not begin with " + first);
            });
            return;
        }
        Optional<TokenFacts> presented = exchange.presented().refresh();
        Optional<TokenFacts> renewed = exchange.reply().refresh();
        if (renewed.isPresent()) {
            presented.ifPresentOrElse(parent -> child(exchange, parent, renewed.get()), () -> unearned(exchange));
        } else {
            exchange.reply().access().ifPresent(access -> sameGeneration(exchange, presented, access));
        }
    }

    private void unearned(Exchange exchange) {
        add(exchange, "a refresh token for nothing");
    }

    private void child(Exchange exchange, TokenFacts parent, TokenFacts child) {
        if (!child.session().equals(parent.session()) || child.generation() != parent.generation() + 1) {
            add(exchange, child + " does not follow " + parent);
            return;
        }
        TokenFacts known = parents.putIfAbsent(new Child(child.session(), child.generation()), parent);
        if (known != null && invariants.keepsWrites() && !known.branch().equals(parent.branch())) {
            add(exchange, "%s has two parents, %s and %s".formatted(child, known, parent));
        }
    }

    private void sameGeneration(Exchange exchange, Optional<TokenFacts> presented, TokenFacts access) {
        boolean holds = presented
                .filter(token -> token.session().equals(access.session()) && token.generation() == access.generation())
                .isPresent();
        if (!holds) {
            add(exchange, "an access token that was not earned: " + access);
        }
    }

    /** What was asked for after a newer generation had been answered must not be of an older one. */
    private void neverBack(List<Exchange> exchanges) {
        List<Exchange> issuing = exchanges.stream()
                .filter(exchange -> exchange.reply().access().isPresent())
                .toList();
        List<Exchange> bySent = sorted(
                issuing, Comparator.comparingLong(exchange -> exchange.travel().trueSent()));
        List<Exchange> byAnswered = sorted(
                issuing, Comparator.comparingLong(exchange -> exchange.travel().trueAnswered()));
        Map<String, Integer> newest = new HashMap<>();
        int next = 0;
        for (Exchange exchange : bySent) {
            while (byAnswered.get(next).travel().trueAnswered()
                    < exchange.travel().trueSent()) {
                TokenFacts access = byAnswered.get(next++).reply().access().orElseThrow();
                newest.merge(access.session(), access.generation(), Math::max);
            }
            TokenFacts access = exchange.reply().access().orElseThrow();
            int known = newest.getOrDefault(access.session(), 0);
            if (access.generation() < known) {
                add(exchange, access + " after generation " + known);
            }
        }
    }

    private static List<Exchange> sorted(List<Exchange> exchanges, Comparator<Exchange> order) {
        return exchanges.stream().sorted(order).toList();
    }

    private void add(Exchange exchange, String why) {
        violations.add(new Violation(Rule.ONE_LINE, exchange, why));
    }

    private record Child(String session, int generation) {}
}
