package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.token.ProviderName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The OpenID Providers with which users sign in.
 *
 * @param providers By name, which is part of addresses and of the subjects of users: up to 30 lower-case letters,
 *     digits and {@code -}. The settings of each: [providers.md](providers.md#settings)
 */
@ConfigurationProperties("latchkey")
record ProviderProperties(@DefaultValue Map<String, ProviderSettings> providers) {

    /** A sentence for each that cannot be used although each of its settings can: its name, or its file. Blocks. */
    List<String> faults() {
        return providers.entrySet().stream()
                .flatMap(entry -> fault(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    private static Optional<String> fault(String name, ProviderSettings settings) {
        String property = "latchkey.providers." + name;
        return ProviderName.isWellFormed(name)
                ? ClientCredentials.fault(settings).map(fault -> property + ": " + fault)
                : Optional.of("the name of " + property + " must have 1 to 30 lower-case letters, digits or '-', and"
                        + " begin with a letter");
    }
}
