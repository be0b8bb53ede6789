package dev.latchkey.gateway.user.ldap;

import dev.latchkey.gateway.startup.LoopbackHost;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ldap.autoconfigure.LdapProperties;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.ldap.InvalidNameException;
import org.springframework.ldap.core.support.DefaultTlsDirContextAuthenticationStrategy;
import org.springframework.ldap.core.support.LdapContextSource;

/** Reaches the directory as {@code spring.ldap} says, within limits, and never in the clear over a network. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnUserSource(UserSource.LDAP)
@EnableConfigurationProperties(LdapProperties.class)
class LdapUserConfiguration {

    private static final String NO_ADDRESS = "spring.ldap.urls must be addresses that begin with ldaps:// or ldap://";

    @Bean
    LdapContextSource ldapUserContexts(
            LdapProperties ldap,
            LdapUserProperties properties,
            UsersProperties users,
            SslBundles bundles,
            Environment environment) {
        String[] urls = ldap.determineUrls(environment);
        Arrays.stream(urls).forEach(url -> check(url, properties.startTls()));
        LdapContextSource contexts = new LdapContextSource();
        contexts.setUrls(urls);
        contexts.setPooled(false);
        contexts.setBaseEnvironmentProperties(
                limits(ldap.getBaseEnvironment(), users.timeout().toMillis()));
        Optional.ofNullable(ldap.getBase()).ifPresent(base -> setBase(contexts, base));
        Optional.ofNullable(ldap.getUsername()).ifPresent(contexts::setUserDn);
        Optional.ofNullable(ldap.getPassword()).ifPresent(contexts::setPassword);
        if (properties.startTls()) {
            contexts.setAuthenticationStrategy(startTls(properties, bundles));
        }
        return contexts;
    }

    @Bean
    LdapUserStore ldapUserStore(LdapContextSource contexts, LdapUserProperties properties, UsersProperties users) {
        return new LdapUserStore(contexts, properties, users.timeout());
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new StartupException(NO_ADDRESS);
        }
    }

    /** JNDI waits without end for a connection and an answer. */
    private static Map<String, Object> limits(Map<String, String> set, long millis) {
        Map<String, Object> limits = new HashMap<>(set);
        limits.put("com.sun.jndi.ldap.connect.timeout", Long.toString(millis));
        limits.put("com.sun.jndi.ldap.read.timeout", Long.toString(millis));
        return limits;
    }

    /** JNDI compares the certificate with the host name unless a verifier of one's own is set. */
    private static DefaultTlsDirContextAuthenticationStrategy startTls(
            LdapUserProperties properties, SslBundles bundles) {
        DefaultTlsDirContextAuthenticationStrategy strategy = new DefaultTlsDirContextAuthenticationStrategy();
        Optional.ofNullable(properties.sslBundle())
                .map(name -> bundle(bundles, name))
                .ifPresent(bundle ->
                        strategy.setSslSocketFactory(bundle.createSslContext().getSocketFactory()));
        return strategy;
    }

    private static SslBundle bundle(SslBundles bundles, String name) {
        try {
            return bundles.getBundle(name);
        } catch (NoSuchSslBundleException missing) {
            throw new StartupException(
                    "latchkey.users.ldap.ssl-bundle names '" + name + "', which spring.ssl.bundle does not define");
        }
    }

    private static void setBase(LdapContextSource contexts, String base) {
        try {
            contexts.setBase(base);
        } catch (InvalidNameException malformed) {
            throw new StartupException("spring.ldap.base must be a distinguished name such as dc=shop,dc=example");
        }
    }

    private static void check(String text, boolean startTls) {
        URI url = uri(text);
        boolean isLdaps = "ldaps".equals(url.getScheme());
        if ((!isLdaps && !"ldap".equals(url.getScheme())) || url.getHost() == null) {
            throw new StartupException(NO_ADDRESS);
        }
        if (isLdaps && startTls) {
            throw new StartupException(
                    "latchkey.users.ldap.start-tls is for ldap://, and spring.ldap.urls has ldaps://");
        }
        if (!isLdaps && !startTls && !LoopbackHost.is(url.getHost())) {
            throw new StartupException("spring.ldap.urls must begin with ldaps://, or latchkey.users.ldap.start-tls be"
                    + " true: passwords would go in the clear over a network");
        }
    }
}
