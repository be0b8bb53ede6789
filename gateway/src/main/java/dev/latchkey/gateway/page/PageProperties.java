package dev.latchkey.gateway.page;

import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What pages need to know of where they are seen; the cross-site check says what is wrong with it.
 *
 * @param publicOrigins for example {@code https://shop.example}
 */
@ConfigurationProperties("latchkey")
public record PageProperties(@DefaultValue List<String> publicOrigins) {

    public PageProperties {
        publicOrigins =
                publicOrigins.stream().map(it -> it.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether browsers reach this host by https; behind a proxy that renames hosts, whether they reach all so. */
    boolean isHttps(String host) {
        return publicOrigins.contains("https://" + host.toLowerCase(Locale.ROOT))
                || publicOrigins.stream().allMatch(it -> it.startsWith("https://"));
    }
}
