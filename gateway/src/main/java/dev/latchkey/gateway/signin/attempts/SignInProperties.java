package dev.latchkey.gateway.signin.attempts;

import java.time.Duration;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * How many wrong passwords are tolerated, and how many right ones. The limit of a name is far above what one address
 * may try, and does not apply where the name has signed in lately: so no one can lock out another user.
 *
 * @param perAddress Most attempts from one address (IPv6: one /64) within {@code window}
 * @param perSite Most attempts from one IPv6 /56 within {@code window}
 * @param perName Most attempts for one name from anywhere within an hour; after that, only exempt networks and browsers
 *     may try
 * @param perNameAndAddress Most attempts for one name from one address within {@code window}
 * @param window The period over which {@code perAddress}, {@code perSite} and {@code perNameAndAddress} are counted
 * @param exemptFor How long a network (IPv4 /24, IPv6 /56) from which a name has signed in is exempt from
 *     {@code perName}
 * @param perExemptNetwork Most attempts within an hour for one name from one exempt network, or from one browser with a
 *     live session of that name, once {@code perName} is used up
 * @param successesPerName Most sign-ins of one name within an hour, by password and with OpenID Providers
 * @param returnPathsPerAddress Most long return paths (over 1,024 characters, up to 8 KB) that are kept for one address
 *     (IPv6: one /64) at a time, for ten minutes each
 * @param returnPathsInAll Most bytes of Redis that all kept return paths may take
 */
@ConfigurationProperties("latchkey.sign-in")
public record SignInProperties(
        @DefaultValue("50") int perAddress,
        @DefaultValue("200") int perSite,
        @DefaultValue("10") int perNameAndAddress,
        @DefaultValue("5m") Duration window,
        @DefaultValue("500") int perName,
        @DefaultValue("30d") Duration exemptFor,
        @DefaultValue("20") int perExemptNetwork,
        @DefaultValue("100") int successesPerName,
        @DefaultValue("20") int returnPathsPerAddress,
        @DefaultValue("16MB") DataSize returnPathsInAll) {

    private static final Duration MAX_EXEMPTION = Duration.ofDays(400);

    public SignInProperties {
        Assert.isTrue(
                IntStream.of(perAddress, perSite, perNameAndAddress, perName, perExemptNetwork, successesPerName)
                        .allMatch(limit -> limit >= 1),
                "latchkey.sign-in limits must be at least 1");
        Assert.isTrue(
                returnPathsPerAddress >= 0 && !returnPathsInAll.isNegative(),
                "latchkey.sign-in.return-paths limits must not be negative");
        Assert.isTrue(window.compareTo(Duration.ofSeconds(1)) >= 0, "latchkey.sign-in.window must be at least 1s");
        Assert.isTrue(
                exemptFor.compareTo(Duration.ofSeconds(1)) >= 0 && exemptFor.compareTo(MAX_EXEMPTION) <= 0,
                "latchkey.sign-in.exempt-for must lie between 1s and 400d");
    }
}
