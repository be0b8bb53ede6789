package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.upstream.CallRule;
import dev.latchkey.gateway.yaml.FieldReader;

/** Reads how long a backend is waited for, how often it is asked, and when it is left alone. */
final class CallReader {

    private final RetryReader retries = new RetryReader();
    private final BreakerReader breakers = new BreakerReader();

    CallRule read(FieldReader route) {
        return new CallRule(
                Quantities.duration(route, "timeout"),
                Quantities.duration(route, "connect-timeout"),
                retries.read(route),
                breakers.read(route));
    }
}
