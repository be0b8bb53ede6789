package dev.latchkey.sample.provider;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Component;

/** Keeps what was granted, and counts for each user how often a refresh token was replaced by the next. */
@Component
final class Rotations implements OAuth2AuthorizationService {

    private final OAuth2AuthorizationService granted = new InMemoryOAuth2AuthorizationService();
    private final Map<String, Rotated> byUser = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Rotations(InstantSource clock) {
        this.clock = clock;
    }

    /** How often since this process started, and when last; nothing of a user who has no tokens. */
    Optional<Rotated> of(String userName) {
        return Optional.ofNullable(byUser.get(userName));
    }

    @Override
    public void save(OAuth2Authorization authorization) {
        String before = refreshToken(granted.findById(authorization.getId()));
        granted.save(authorization);
        String now = refreshToken(authorization);
        if (now != null && !now.equals(before)) {
            Rotated rotated = new Rotated(before == null ? 0 : 1, clock.instant());
            byUser.merge(authorization.getPrincipalName(), rotated, Rotated::and);
        }
    }

    private static @Nullable String refreshToken(@Nullable OAuth2Authorization authorization) {
        return authorization == null || authorization.getRefreshToken() == null
                ? null
                : authorization.getRefreshToken().getToken().getTokenValue();
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        granted.remove(authorization);
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return granted.findById(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
        return granted.findByToken(token, tokenType);
    }

    /**
     * Of one user.
     *
     * @param times how often a refresh token was used up and replaced
     * @param last when tokens were last given out
     */
    record Rotated(int times, Instant last) {

        private Rotated and(Rotated next) {
            return new Rotated(times + next.times, next.last);
        }
    }
}
