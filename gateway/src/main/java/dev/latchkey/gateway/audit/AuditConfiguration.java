package dev.latchkey.gateway.audit;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** The places for lines of JSON, where they were asked for. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    @ConditionalOnBooleanProperty("latchkey.audit.stdout")
    LineSink auditStdout(Environment environment, MeterRegistry meters) {
        return new LineSink("stdout", new EcsLines(environment), new StandardOutput(), meters);
    }

    @Bean
    @Conditional(HasFile.class)
    LineSink auditFile(Environment environment, AuditProperties properties, MeterRegistry meters) {
        RolledFile file =
                new RolledFile(Objects.requireNonNull(properties.file().path()), properties.file());
        return new LineSink("file", new EcsLines(environment), file, meters);
    }

    /** A bean that is there only if there is a path, and not a property without a value. */
    static final class HasFile implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return hasFile(context.getEnvironment());
        }
    }

    static boolean hasFile(Environment environment) {
        return StringUtils.hasText(environment.getProperty("latchkey.audit.file.path"));
    }
}
