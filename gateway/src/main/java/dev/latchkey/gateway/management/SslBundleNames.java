package dev.latchkey.gateway.management;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Bundles that properties name, and which a start must find. Those that routes name are checked with the routes. */
final class SslBundleNames {

    static final List<String> KINDS = List.of("pem", "jks");

    static final String BUNDLES = "spring.ssl.bundle.";
    private static final List<String> SERVERS = List.of("server.ssl", "management.server.ssl");

    private SslBundleNames() {}

    /** A sentence for each that is not defined; none where something cannot be read: what binds it reports that. */
    static List<String> faults(Environment environment) {
        Binder binder = Binder.get(environment);
        try {
            Set<String> defined = new HashSet<>();
            KINDS.forEach(kind -> defined.addAll(defined(binder, kind)));
            List<String> faults = new ArrayList<>();
            named(binder).forEach((property, name) -> {
                if (!defined.contains(name)) {
                    faults.add(property + " names '" + name + "', which spring.ssl.bundle does not define");
                }
            });
            return faults;
        } catch (BindException reported) {
            return List.of();
        }
    }

    /**
     * The names of all bundles of a kind.
     *
     * @throws BindException if they cannot be read
     */
    static Set<String> defined(Binder binder, String kind) {
        return binder.bind(BUNDLES + kind, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
    }

    /** By property. */
    private static Map<String, String> named(Binder binder) {
        Map<String, String> named = new TreeMap<>();
        CheckCommand.text(binder, "latchkey.backends.ssl-bundle")
                .ifPresent(name -> named.put("latchkey.backends.ssl-bundle", name));
        for (String server : SERVERS) {
            if (binder.bind(server + ".enabled", Boolean.class).orElse(true)) {
                CheckCommand.text(binder, server + ".bundle").ifPresent(name -> named.put(server + ".bundle", name));
            }
        }
        binder.bind("latchkey.providers", Bindable.mapOf(String.class, Provider.class))
                .orElse(Map.of())
                .forEach((provider, settings) -> Optional.ofNullable(settings.sslBundle())
                        .ifPresent(name -> named.put("latchkey.providers." + provider + ".ssl-bundle", name)));
        return named;
    }

    /** What this is about of a provider's settings. */
    record Provider(@Nullable String sslBundle) {}
}
