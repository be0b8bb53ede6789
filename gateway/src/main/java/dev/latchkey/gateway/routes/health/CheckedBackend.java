package dev.latchkey.gateway.routes.health;

import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/**
 * What is checked once, however many routes say so.
 *
 * @param address scheme, host and port
 * @param found which of its addresses is asked; none: whichever connects
 * @param sslBundle for TLS to it; none: the gateway's own
 */
record CheckedBackend(
        URI address, Optional<InetSocketAddress> found, Optional<String> sslBundle, HealthCheckRule rule) {

    /** For people: where it is. */
    String text() {
        return found.map(at -> address + " at " + NetUtil.toSocketAddressString(at))
                .orElseGet(address::toString);
    }
}
