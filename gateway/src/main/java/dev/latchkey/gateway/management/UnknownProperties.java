package dev.latchkey.gateway.management;

import dev.latchkey.gateway.startup.StartupException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Properties below {@code latchkey} that are none, such as a misspelt one. A start with one of them fails, because the
 * person who set it believes that it holds.
 */
final class UnknownProperties {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("latchkey");

    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    /** Of the whole process, where others may have names that begin like ours. */
    private static final Set<String> SHARED =
            Set.of(ENVIRONMENT, StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);

    /** What Kubernetes sets for a service whose name begins like one of ours: LATCHKEY_LISTENER_SERVICE_HOST. */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile(".*\\.(service\\.(host|port)|port)|.*\\.(service\\.port|port\\.?\\[?\\d).*");

    /** LATCHKEY_ADMIN_TOKEN, which the commands for operators read, perhaps where a gateway runs, too. */
    private static final ConfigurationPropertyName OF_COMMANDS = ConfigurationPropertyName.of("latchkey.admin.token");

    private static final int LONGEST_NAME = 120;

    private UnknownProperties() {}

    /**
     * A sentence for each that is set, without its value.
     *
     * @param records all that bind properties of ours
     */
    static List<String> faults(Environment environment, Collection<Class<?>> records) {
        PropertyNames known = PropertyNames.of(records);
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast)
                .flatMap(source -> source.stream()
                        .filter(name -> ROOT.isAncestorOf(name)
                                && FormerProperties.sentence(name).isEmpty())
                        .flatMap(name -> fault(known, source, name).stream()))
                .distinct()
                .toList();
    }

    /** @throws StartupException if one is set */
    static void refuse(Environment environment, Collection<Class<?>> records) {
        List<String> faults = faults(environment, records);
        if (!faults.isEmpty()) {
            throw new StartupException(faults.get(0));
        }
    }

    private static Optional<String> fault(
            PropertyNames known, ConfigurationPropertySource source, ConfigurationPropertyName name) {
        String place = source.getUnderlyingSource() instanceof PropertySource<?> there ? there.getName() : "";
        boolean isOthers = SHARED.contains(place)
                && (!known.hasGroup(name)
                        || OF_A_SERVICE.matcher(name.toString()).matches()
                        || (place.equals(ENVIRONMENT) && name.equals(OF_COMMANDS)));
        return isOthers
                ? Optional.empty()
                : known.meant(name, place.equals(ENVIRONMENT))
                        .map(meant ->
                                shown(source, name) + " is not a property of the gateway: did you mean " + meant + "?");
    }

    /** Not if it is so long that it may be a secret in the wrong place. */
    private static String shown(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        String written = name.toString();
        if (written.length() > LONGEST_NAME) {
            return written.substring(0, LONGEST_NAME) + "... (not shown as a whole)";
        }
        return Optional.ofNullable(source.getConfigurationProperty(name))
                .map(ConfigurationProperty::getOrigin)
                .map(Origin::toString)
                .filter(origin -> !origin.contains(written))
                .map(origin -> written + " (" + origin + ")")
                .orElse(written);
    }
}
