package dev.latchkey.gateway.session;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long sessions live.
 *
 * @param idleTimeout without a rotation
 * @param absoluteTimeout from sign-in, whatever happens
 */
@ConfigurationProperties("latchkey.session")
public record SessionProperties(
        @DefaultValue("7d") Duration idleTimeout,
        @DefaultValue("30d") Duration absoluteTimeout) {}
