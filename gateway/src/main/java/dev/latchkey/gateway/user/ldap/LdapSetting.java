package dev.latchkey.gateway.user.ldap;

import dev.latchkey.gateway.startup.LoopbackHost;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersSetting;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ldap.autoconfigure.LdapProperties;
import org.springframework.core.env.Environment;

/** Whether a directory of users may be reached as it is said to be, found without asking it. */
public final class LdapSetting {

    private static final String NO_ADDRESS = "spring.ldap.urls must be addresses that begin with ldaps:// or ldap://";

    private LdapSetting() {}

    /**
     * A sentence, if users are in a directory and it may not.
     *
     * @throws BindException if a value cannot be read
     */
    public static Optional<String> fault(Environment environment) {
        if (UsersSetting.source(environment).filter(UserSource.LDAP::equals).isEmpty()) {
            return Optional.empty();
        }
        Binder binder = Binder.get(environment);
        LdapProperties ldap = binder.bindOrCreate("spring.ldap", LdapProperties.class);
        boolean startTls = binder.bindOrCreate("latchkey.users.ldap", LdapUserProperties.class)
                .startTls();
        return Stream.of(ldap.determineUrls(environment))
                .flatMap(url -> fault(url, startTls).stream())
                .findFirst();
    }

    /** @throws StartupException with the sentence, if there is one */
    static void check(String url, boolean startTls) {
        fault(url, startTls).ifPresent(sentence -> {
            throw new StartupException(sentence);
        });
    }

    private static Optional<String> fault(String text, boolean startTls) {
        URI url = uri(text);
        boolean isLdaps = "ldaps".equals(url.getScheme());
        if ((!isLdaps && !"ldap".equals(url.getScheme())) || url.getHost() == null) {
            return Optional.of(NO_ADDRESS);
        }
        if (isLdaps && startTls) {
            return Optional.of("latchkey.users.ldap.start-tls is for ldap://, and spring.ldap.urls has ldaps://");
        }
        return isLdaps || startTls || LoopbackHost.is(url.getHost())
                ? Optional.empty()
                : Optional.of("spring.ldap.urls must begin with ldaps://, or latchkey.users.ldap.start-tls be true:"
                        + " passwords would go in the clear over a network");
    }

    /** One without a scheme, if it is none. */
    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            return URI.create("");
        }
    }
}
