package dev.latchkey.gateway.device;

import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Says at the start if access tokens are so short that browsers would sign too often: after about six signatures within
 * some minutes, Chromium refuses more, and requests go out without a cookie until it signs again.
 */
@Component
final class SigningQuota {

    private static final Logger LOGGER = LoggerFactory.getLogger(SigningQuota.class);

    /** Chromium renews two minutes before the cookie of an open page ends, which does not outlive its token. */
    private static final Duration SHORTEST = Duration.ofMinutes(4);

    private final DeviceBindingProperties device;
    private final TokenProperties tokens;

    SigningQuota(DeviceBindingProperties device, TokenProperties tokens) {
        this.device = device;
        this.tokens = tokens;
        warning().ifPresent(LOGGER::warn);
    }

    Optional<String> warning() {
        return device.isOffered() && tokens.accessTtl().compareTo(SHORTEST) < 0
                ? Optional.of("latchkey.token.access-ttl is below 4m: for sessions that are bound to their device"
                        + " (latchkey.device-binding), browsers refuse to sign so often, and their users sign in again")
                : Optional.empty();
    }
}
