package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.ProviderName;
import java.time.Duration;
import java.util.Optional;

/** What rotations of sessions that an OpenID Provider began need of it. No rotation ever waits for a provider. */
public interface SessionProviders {

    /** No provider is configured, so every session of one ends. */
    SessionProviders NONE = new SessionProviders() {

        @Override
        public Optional<Duration> recheck(ProviderName provider) {
            return Optional.empty();
        }

        @Override
        public void refresh(SessionView session) {
            // There is nobody to ask.
        }
    };

    /**
     * How long after the provider's last good answer a session goes on while the provider gives none; empty if it is
     * not configured, so that its sessions end.
     */
    Optional<Duration> recheck(ProviderName provider);

    /** Begins to have the session's tokens of the provider refreshed, and returns at once. */
    void refresh(SessionView session);
}
