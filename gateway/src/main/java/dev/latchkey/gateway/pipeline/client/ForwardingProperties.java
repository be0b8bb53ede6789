package dev.latchkey.gateway.pipeline.client;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which peers are believed when they say for whom they forward.
 *
 * @param trustedProxies Addresses or CIDR blocks (IPv4 or IPv6) of proxies whose {@code X-Forwarded-*} headers, request
 *     ids and traces are believed: [what they have to set](operations.md#behind-a-proxy)
 */
@ConfigurationProperties("latchkey")
public record ForwardingProperties(@DefaultValue List<String> trustedProxies) {

    /** RFC 4632 section 3.1, RFC 4291 section 2.3. */
    private static final Pattern BLOCK = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:/([0-9]{1,3}))?");

    public ForwardingProperties {
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(ForwardingProperties::block);
    }

    /** The blocks in the order of the property; a single address is a block of one. */
    List<IpSubnetFilterRule> blocks() {
        return trustedProxies.stream().map(ForwardingProperties::block).toList();
    }

    private static IpSubnetFilterRule block(String text) {
        Matcher parts = BLOCK.matcher(text.strip());
        Optional<InetAddress> address = parts.matches() ? IpAddresses.literal(parts.group(1)) : Optional.empty();
        if (address.isPresent()) {
            int bits = address.get().getAddress().length * 8;
            int prefix = parts.group(2) == null ? bits : Integer.parseInt(parts.group(2));
            if (prefix <= bits) {
                return new IpSubnetFilterRule(address.get(), prefix, IpFilterRuleType.ACCEPT);
            }
        }
        throw new IllegalArgumentException("latchkey.trusted-proxies holds '" + text
                + "', which is not an address or CIDR block: write for example 10.0.0.0/8 or fd00::/8");
    }
}
