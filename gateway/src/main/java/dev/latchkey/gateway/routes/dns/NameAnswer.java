package dev.latchkey.gateway.routes.dns;

import dev.latchkey.gateway.routes.upstream.Destination;
import java.time.Duration;
import java.util.List;

/** What came of looking a name up. */
sealed interface NameAnswer {

    /**
     * It has addresses.
     *
     * @param destinations at least one, in an order that does not depend on that of the answer
     * @param ttl how long name servers say that this is true
     */
    record Found(List<Destination> destinations, Duration ttl) implements NameAnswer {

        public Found {
            destinations = List.copyOf(destinations);
        }
    }

    /** Name servers say that there is no such name, or that it has no addresses. */
    record Missing() implements NameAnswer {}

    /** No name server could say it. */
    record Failed(String reason) implements NameAnswer {}
}
