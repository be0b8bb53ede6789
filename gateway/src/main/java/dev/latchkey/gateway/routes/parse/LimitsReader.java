package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.redis.OnRedisOutage;
import dev.latchkey.gateway.routes.limits.LimitsRule;
import dev.latchkey.gateway.routes.limits.RateKey;
import dev.latchkey.gateway.routes.limits.RateRule;
import dev.latchkey.gateway.yaml.FieldReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the limits of body size and of requests. */
final class LimitsReader {

    private static final Set<String> KEYS = Set.of("body", "rate");
    private static final Set<String> RATE_KEYS = Set.of("requests", "per", "burst", "key", "on-redis-outage");
    private static final int MOST_REQUESTS = 1_000_000;
    private static final Map<String, RateKey> KINDS =
            Map.of("subject", RateKey.SUBJECT, "address", RateKey.ADDRESS, "route", RateKey.ROUTE);
    private static final Map<String, OnRedisOutage> OUTAGES =
            Map.of("deny", OnRedisOutage.DENY, "allow", OnRedisOutage.ALLOW);

    private LimitsReader() {}

    static LimitsRule read(FieldReader route) {
        return Choices.section(route, "limits", KEYS).map(LimitsReader::limits).orElse(LimitsRule.NONE);
    }

    private static LimitsRule limits(FieldReader limits) {
        Optional<Long> body = limits.find("body")
                .filter(value -> !Choices.isOff(value))
                .flatMap(unused -> Quantities.size(limits, "body"));
        return new LimitsRule(body, Choices.section(limits, "rate", RATE_KEYS).flatMap(LimitsReader::rate));
    }

    private static Optional<RateRule> rate(FieldReader rate) {
        Optional<Integer> requests = rate.require("requests", "write how many requests the route takes")
                .flatMap(value -> Quantities.whole(rate, "requests", value, 1, MOST_REQUESTS));
        Optional<Duration> per = rate.require("per", "write in what time, such as 1m")
                .flatMap(unused -> Quantities.duration(rate, "per"));
        Optional<RateKey> key = rate.require("key", "write subject, address or route")
                .flatMap(value -> Choices.oneOf(rate, "key", value, KINDS));
        Optional<Integer> burst = Quantities.whole(rate, "burst", 1, MOST_REQUESTS);
        OnRedisOutage outage = Choices.oneOf(rate, "on-redis-outage", OUTAGES).orElse(OnRedisOutage.DENY);
        return requests.flatMap(count ->
                per.flatMap(time -> key.map(kind -> new RateRule(count, time, burst.orElse(count), kind, outage))));
    }
}
