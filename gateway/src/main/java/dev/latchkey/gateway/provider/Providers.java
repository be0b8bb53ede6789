package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.token.ProviderName;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The configured providers, in the order of the configuration. */
public final class Providers {

    private final List<Provider> all;

    Providers(List<Provider> all) {
        this.all = List.copyOf(all);
    }

    /**
     * What is wrong with those of a configuration, in sentences: names, and files with secrets. What is wrong with the
     * properties is said where they are bound. Blocks.
     */
    public static List<String> faults(Environment environment) {
        try {
            return Binder.get(environment)
                    .bindOrCreate("latchkey", ProviderProperties.class)
                    .faults();
        } catch (BindException reported) {
            return List.of();
        }
    }

    public List<Provider> all() {
        return all;
    }

    /** The one of this name. */
    public Optional<Provider> find(ProviderName name) {
        return all.stream().filter(provider -> provider.name().equals(name)).findFirst();
    }
}
