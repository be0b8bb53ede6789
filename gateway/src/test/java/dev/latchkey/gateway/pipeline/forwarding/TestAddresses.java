package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import java.util.List;

/** Addresses of requests without a gateway. */
public final class TestAddresses {

    private TestAddresses() {}

    /** Behind these proxies. */
    public static RequestAddress trusting(String... proxies) {
        ClientAddress chain = new ClientAddress(new ForwardingProperties(List.of(proxies)));
        return new RequestAddress(new ForwardedHeaders(chain), new ForwardedPrefix(chain));
    }
}
