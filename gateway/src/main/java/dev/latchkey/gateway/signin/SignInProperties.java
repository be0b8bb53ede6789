package dev.latchkey.gateway.signin;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many wrong passwords are forgiven. The limit of a name is far above what one address may try, so that nobody can
 * lock another out from a few machines.
 *
 * @param perAddress attempts from one address (IPv6: one /64) within {@code window}
 * @param perNameAndAddress attempts for one name from one address within {@code window}
 * @param window how long those two count
 * @param perName attempts for one name from anywhere within an hour
 */
@ConfigurationProperties("latchkey.sign-in")
record SignInProperties(
        @DefaultValue("50") int perAddress,
        @DefaultValue("10") int perNameAndAddress,
        @DefaultValue("5m") Duration window,
        @DefaultValue("500") int perName) {

    SignInProperties {
        if (perAddress < 1 || perNameAndAddress < 1 || perName < 1) {
            throw new IllegalArgumentException("latchkey.sign-in limits must be at least 1");
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("latchkey.sign-in.window must be at least 1s");
        }
    }
}
