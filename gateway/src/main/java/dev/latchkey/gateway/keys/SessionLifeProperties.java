package dev.latchkey.gateway.keys;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this room must know of sessions, which are another room's: how long a refresh key is needed.
 *
 * @param absoluteTimeout the longest life of a session, checked by the room that owns it
 */
@ConfigurationProperties("latchkey.session")
record SessionLifeProperties(@DefaultValue("30d") Duration absoluteTimeout) {}
