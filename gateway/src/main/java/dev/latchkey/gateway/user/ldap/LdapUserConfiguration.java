package dev.latchkey.gateway.user.ldap;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
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

    @Bean
    LdapContextSource ldapUserContexts(
            LdapProperties ldap,
            LdapUserProperties properties,
            UsersProperties users,
            SslBundles bundles,
            Environment environment) {
        String[] urls = ldap.determineUrls(environment);
        Arrays.stream(urls).forEach(url -> LdapSetting.check(url, properties.startTls()));
        LdapContextSource contexts = new LdapContextSource();
        contexts.setUrls(urls);
        contexts.setPooled(false);
        contexts.setBaseEnvironmentProperties(
                limits(ldap.getBaseEnvironment(), users.timeout().toMillis(), urls.length));
        Optional.ofNullable(ldap.getBase()).ifPresent(base -> setBase(contexts, base));
        Optional.ofNullable(ldap.getUsername()).ifPresent(contexts::setUserDn);
        Optional.ofNullable(ldap.getPassword()).ifPresent(contexts::setPassword);
        if (properties.startTls()) {
            contexts.setAuthenticationStrategy(startTls(properties, bundles, users.timeout()));
        }
        return contexts;
    }

    @Bean
    LdapUserStore ldapUserStore(LdapContextSource contexts, LdapUserProperties properties, UsersProperties users) {
        return new LdapUserStore(contexts, properties, users.timeout());
    }

    /**
     * JNDI waits without end for a connection and an answer. It goes from one address to the next, so that the first
     * ones must leave the last its share of the time.
     */
    private static Map<String, Object> limits(Map<String, String> set, long millis, int urls) {
        Map<String, Object> limits = new HashMap<>(set);
        limits.put("com.sun.jndi.ldap.connect.timeout", Long.toString(Math.max(1, millis / urls)));
        limits.put("com.sun.jndi.ldap.read.timeout", Long.toString(millis));
        return limits;
    }

    /** JNDI compares the certificate with the host name unless a verifier of one's own is set. */
    private static DefaultTlsDirContextAuthenticationStrategy startTls(
            LdapUserProperties properties, SslBundles bundles, Duration timeout) {
        SSLSocketFactory sockets = Optional.ofNullable(properties.sslBundle())
                .map(name -> bundle(bundles, name).createSslContext().getSocketFactory())
                .orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
        DefaultTlsDirContextAuthenticationStrategy strategy = new DefaultTlsDirContextAuthenticationStrategy();
        strategy.setSslSocketFactory(new TimedSocketFactory(sockets, timeout));
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
}
