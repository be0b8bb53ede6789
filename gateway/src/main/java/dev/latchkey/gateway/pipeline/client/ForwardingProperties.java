package dev.latchkey.gateway.pipeline.client;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which peers are believed when they say for whom they forward.
 *
 * @param trustedProxies Addresses or CIDR blocks (IPv4 or IPv6) of proxies whose {@code X-Forwarded-*} headers are
 *     believed
 */
@ConfigurationProperties("latchkey")
public record ForwardingProperties(@DefaultValue List<String> trustedProxies) {

    private static final String PROPERTY = "latchkey.trusted-proxies";

    public ForwardingProperties {
        trustedProxies = List.copyOf(trustedProxies);
        blocks(trustedProxies);
    }

    /** The blocks in the order of the property. */
    List<AddressBlock> blocks() {
        return blocks(trustedProxies);
    }

    private static List<AddressBlock> blocks(List<String> texts) {
        return texts.stream().map(ForwardingProperties::block).toList();
    }

    private static AddressBlock block(String text) {
        return AddressBlock.parse(text.strip())
                .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " holds '" + text
                        + "', which is no address and no CIDR block: write for example 10.0.0.0/8 or fd00::/8"));
    }
}
