package dev.latchkey.gateway.provider;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The OpenID Providers with which users sign in.
 *
 * @param providers By name, which is part of addresses and of the subjects of users: up to 30 lower-case letters,
 *     digits and {@code -}. The settings of each are in docs/providers.md
 */
@ConfigurationProperties("latchkey")
record ProviderProperties(@DefaultValue Map<String, ProviderSettings> providers) {}
