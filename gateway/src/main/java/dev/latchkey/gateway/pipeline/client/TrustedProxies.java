package dev.latchkey.gateway.pipeline.client;

import java.net.InetAddress;

/** The proxies that {@code latchkey.trusted-proxies} names. */
public interface TrustedProxies {

    /** Whether a peer with this address is one of them. */
    boolean trust(InetAddress address);
}
