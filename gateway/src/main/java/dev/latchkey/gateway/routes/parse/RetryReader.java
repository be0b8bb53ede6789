package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.RetryCause;
import dev.latchkey.gateway.routes.upstream.RetryRule;
import dev.latchkey.gateway.yaml.FieldReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how often a request is tried again, and after what. */
final class RetryReader {

    private static final Set<String> KEYS = Set.of("count", "on", "backoff", "attempt-timeout");
    private static final int MOST = 5;
    private static final Map<String, RetryCause> CAUSES = Map.of(
            "connect", RetryCause.CONNECT,
            "502", RetryCause.BAD_GATEWAY,
            "503", RetryCause.UNAVAILABLE,
            "504", RetryCause.TIMEOUT);

    RetryRule read(FieldReader route) {
        return route.find("retries")
                .filter(it -> !Choices.isOff(it))
                .flatMap(it -> route.fields("retries", it, KEYS))
                .flatMap(RetryReader::rule)
                .orElse(RetryRule.NONE);
    }

    private static Optional<RetryRule> rule(FieldReader retries) {
        Optional<Integer> count = retries.require("count", "write how often a request is tried again")
                .flatMap(it -> Quantities.whole(retries, "count", it, 1, MOST));
        Set<RetryCause> causes = retries.find("on")
                .flatMap(it -> Choices.someOf(retries, "on", it, CAUSES))
                .orElse(RetryRule.CAUSES);
        return count.map(it -> new RetryRule(
                it,
                causes,
                Quantities.duration(retries, "backoff").orElse(RetryRule.BACKOFF),
                Quantities.duration(retries, "attempt-timeout")));
    }
}
