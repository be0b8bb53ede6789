package dev.latchkey.gateway.forwarder;

import java.time.Duration;

/**
 * How long one exchange may wait for its backend. A limit of zero is none.
 *
 * @param connect for the address, the connection and the TLS handshake, each
 * @param head for the head of the answer: from when a body was sent whole; without a body, from when the exchange
 *     begins, so that waiting for a connection and making one count, too
 * @param stall for a body in which nothing moves although this side would send or read on, unless it
 *     {@linkplain BackendExchange#mayBeSilent may be silent}; it ends within a quarter more
 */
public record ExchangeLimits(Duration connect, Duration head, Duration stall) {

    public ExchangeLimits {
        if (connect.isNegative() || head.isNegative() || stall.isNegative()) {
            throw new IllegalArgumentException("negative");
        }
    }
}
