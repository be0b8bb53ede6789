package dev.latchkey.gateway.management;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How operators reach the management port.
 *
 * @param hosts Host names, without a port, under which the management port answers, in addition to IP addresses and
 *     {@code localhost}
 */
@ConfigurationProperties("latchkey.management")
record ManagementProperties(@DefaultValue List<String> hosts) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");

    ManagementProperties {
        if (!hosts.stream().allMatch(host -> NAME.matcher(host).matches())) {
            throw new IllegalArgumentException(
                    "latchkey.management.hosts must be names of hosts such as gateway-1, without a scheme or a port");
        }
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }
}
