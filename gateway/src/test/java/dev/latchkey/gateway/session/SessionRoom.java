package dev.latchkey.gateway.session;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.denylist.DenylistProperties;
import dev.latchkey.gateway.denylist.RevocationListener;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.stereotype.Component;

/** The rooms that keep sessions, wired and logging as in the gateway, with Boot's own connection to a real Redis. */
public final class SessionRoom implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private SessionRoom(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Of a refresh token of this generation, as the session's view says them. */
    static RefreshClaims claims(SessionView view, int generation) {
        return TestClaims.refresh(
                view.subject(),
                view.id(),
                new Generation(generation),
                new TokenId("0123456789abcdef"),
                view.now(),
                view.expires(),
                view.created());
    }

    /** What is given goes before what the jar brings. */
    public static SessionRoom open(RedisProcess redis, Map<String, Object> given) {
        Map<String, Object> properties = new HashMap<>(given);
        properties.put("spring.data.redis.host", "127.0.0.1");
        properties.put("spring.data.redis.port", redis.port());
        return open(properties);
    }

    /** On a Redis that the properties say. */
    public static SessionRoom open(Map<String, Object> properties) {
        String[] arguments = properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new SessionRoom(new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.NONE)
                .run(arguments));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public RedisSessionStore store() {
        return bean(RedisSessionStore.class);
    }

    public SessionRevoker revoker() {
        return bean(SessionRevoker.class);
    }

    /** What the audit log was told in this room. */
    public Queue<AuditEvent> audit() {
        return bean(AuditEvents.class).all;
    }

    /** On which threads this room heard of revocations. */
    public Queue<String> revocationThreads() {
        return bean(RevocationThreads.class).names;
    }

    @Override
    public void close() {
        context.close();
    }

    /** Not annotated as a configuration, so that no other test's scan finds it. */
    @ComponentScan(
            basePackages = {
                "dev.latchkey.gateway.logging",
                "dev.latchkey.gateway.redis",
                "dev.latchkey.gateway.denylist",
                "dev.latchkey.gateway.session"
            },
            useDefaultFilters = false,
            includeFilters = {
                @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.\\w+Configuration"),
                @ComponentScan.Filter(Component.class)
            })
    @ImportAutoConfiguration(DataRedisAutoConfiguration.class)
    @EnableConfigurationProperties({
        TokenProperties.class,
        RotationProperties.class,
        SessionProperties.class,
        DenylistProperties.class
    })
    static final class Wiring {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        AuditEvents audit() {
            return new AuditEvents();
        }

        @Bean
        RevocationThreads revocationThreads() {
            return new RevocationThreads();
        }
    }

    private static final class AuditEvents implements AuditLog {

        private final Queue<AuditEvent> all = new ConcurrentLinkedQueue<>();

        @Override
        public void record(AuditEvent event) {
            all.add(event);
        }
    }

    private static final class RevocationThreads implements RevocationListener {

        private final Queue<String> names = new ConcurrentLinkedQueue<>();

        @Override
        public void sessionRevoked(SessionId session) {
            names.add(Thread.currentThread().getName());
        }

        @Override
        public void rolesChanged(Subject subject, Roles roles) {
            names.add(Thread.currentThread().getName());
        }

        @Override
        public void userRevoked(Subject subject, Instant before) {
            names.add(Thread.currentThread().getName());
        }
    }
}
