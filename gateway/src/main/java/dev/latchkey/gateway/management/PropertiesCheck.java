package dev.latchkey.gateway.management;

import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.audit.AuditSetting;
import dev.latchkey.gateway.redis.SharedConnection;
import dev.latchkey.gateway.session.RotationProperties;
import dev.latchkey.gateway.telemetry.TracingProperties;
import dev.latchkey.gateway.telemetry.accesslog.AccessLogProperties;
import dev.latchkey.gateway.telemetry.otlp.SpanExportProperties;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import dev.latchkey.gateway.user.UsersSetting;
import dev.latchkey.gateway.user.ldap.LdapSetting;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Binds the properties of every package, to report everything that is missing or wrong at once. */
final class PropertiesCheck {

    private static final String OURS = "latchkey.";
    private static final String PACKAGE = "dev.latchkey.gateway";
    private static final List<String> REDIS_ADDRESSES = List.of(
            "spring.data.redis.host",
            "spring.data.redis.url",
            "spring.data.redis.sentinel.nodes",
            "spring.data.redis.sentinel.nodes[0]",
            "spring.data.redis.cluster.nodes",
            "spring.data.redis.cluster.nodes[0]",
            "spring.data.redis.masterreplica.nodes",
            "spring.data.redis.masterreplica.nodes[0]",
            "spring.data.redis.port");

    static final String NO_REDIS = "No Redis is configured: set spring.data.redis.host (or .url, .sentinel, .cluster),"
            + " or start with the profile demo, which starts one.";

    private PropertiesCheck() {}

    /** A sentence for each thing that is wrong, without its value: it could be a secret in the wrong place. */
    static List<String> faults(Environment environment) {
        List<Class<?>> records = records();
        Binder binder = Binder.get(environment);
        Stream<String> ours = records.stream().flatMap(type -> fault(binder, type).stream());
        Stream<String> unknown = UnknownProperties.faults(environment, records).stream();
        Stream<String> former = FormerProperties.faults(environment).stream();
        Stream<String> redis = Stream.concat(
                namesRedis(environment) ? Stream.empty() : Stream.of(NO_REDIS),
                SharedConnection.fault(environment).stream());
        Stream<String> users = UsersSetting.fault(environment).stream();
        Stream<String> admin = AdminSetting.fault(environment).stream();
        Stream<String> together = Stream.<Supplier<Optional<String>>>of(
                        () -> lives(binder),
                        () -> AuditSetting.fault(environment),
                        () -> tracing(binder),
                        () -> accessLog(binder),
                        () -> LdapSetting.fault(environment))
                .flatMap(fault -> together(fault).stream());
        Stream<String> bundles = SslBundleNames.faults(environment).stream();
        return Stream.of(ours, together, bundles, users, admin, former, unknown, redis)
                .flatMap(all -> all)
                .distinct()
                .toList();
    }

    /** Nothing, too, if one cannot be read: what binds it reports that. */
    private static Optional<String> together(Supplier<Optional<String>> fault) {
        try {
            return fault.get();
        } catch (BindException reported) {
            return Optional.empty();
        }
    }

    private static Optional<String> lives(Binder binder) {
        return binder.bindOrCreate("latchkey.rotation", RotationProperties.class)
                .fault(
                        binder.bindOrCreate("latchkey.token", TokenProperties.class),
                        binder.bindOrCreate("latchkey.session", SessionProperties.class));
    }

    private static Optional<String> tracing(Binder binder) {
        return binder.bindOrCreate("latchkey.tracing.export", SpanExportProperties.class)
                .fault(binder.bindOrCreate("latchkey.tracing", TracingProperties.class));
    }

    private static Optional<String> accessLog(Binder binder) {
        return binder.bindOrCreate("latchkey.access-log", AccessLogProperties.class)
                .fault();
    }

    /** All records that bind properties of ours. */
    static List<Class<?>> records() {
        ClassPathScanningCandidateComponentProvider scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scan.findCandidateComponents(PACKAGE).stream()
                .map(BeanDefinition::getBeanClassName)
                .map(Objects::requireNonNull)
                .sorted()
                .<Class<?>>map(PropertiesCheck::type)
                .toList();
    }

    /** Whether a property says where Redis is. */
    static boolean namesRedis(Environment environment) {
        return REDIS_ADDRESSES.stream().anyMatch(environment::containsProperty);
    }

    private static Class<?> type(String name) {
        return ClassUtils.resolveClassName(name, PropertiesCheck.class.getClassLoader());
    }

    private static Optional<String> fault(Binder binder, Class<?> type) {
        String prefix = Objects.requireNonNull(
                        AnnotatedElementUtils.findMergedAnnotation(type, ConfigurationProperties.class))
                .value();
        try {
            binder.bindOrCreate(prefix, Bindable.of(type));
            return Optional.empty();
        } catch (BindException wrong) {
            return Optional.of(sentence(wrong).orElse(wrong.getName() + " cannot be read"));
        }
    }

    /**
     * The sentence of the properties record or, if the value cannot be converted, one that says what it should be;
     * empty if it is not a property of the gateway.
     */
    static Optional<String> sentence(BindException wrong) {
        for (Throwable next = wrong; next != null; next = next.getCause()) {
            String sentence = String.valueOf(next.getMessage());
            if (next instanceof IllegalArgumentException && sentence.startsWith(OURS)) {
                return Optional.of(sentence);
            }
        }
        boolean isUnreadable = wrong.getName().toString().startsWith(OURS) && hasConversion(wrong);
        return isUnreadable ? Optional.of(unreadable(wrong)) : Optional.empty();
    }

    private static boolean hasConversion(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof ConversionException) {
                return true;
            }
        }
        return false;
    }

    /** The origin of the value, and not the value. */
    private static String unreadable(BindException wrong) {
        String place = Optional.ofNullable(wrong.getProperty())
                .map(ConfigurationProperty::getOrigin)
                .map(origin -> " (" + origin + ")")
                .orElse("");
        return wrong.getName() + " must be " + kind(wrong.getTarget().getType().resolve(Object.class)) + place;
    }

    private static String kind(Class<?> type) {
        Class<?> wanted = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (wanted.isEnum()) {
            return Arrays.stream(wanted.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(" or "));
        }
        if (wanted == Duration.class) {
            return "a time such as 500ms, 30s, 5m, 2h or 7d";
        }
        if (wanted == DataSize.class) {
            return "a size such as 512B or 1KB";
        }
        if (wanted == Boolean.class) {
            return "true or false";
        }
        if (Map.class.isAssignableFrom(wanted)) {
            return "left out, or have settings below it";
        }
        return Number.class.isAssignableFrom(wanted) ? "a whole number" : "of another kind";
    }
}
