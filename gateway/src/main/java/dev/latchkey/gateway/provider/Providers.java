package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.token.ProviderName;
import java.util.List;
import java.util.Optional;

/** The configured providers, in the order of the configuration. */
public final class Providers {

    private final List<Provider> all;

    Providers(List<Provider> all) {
        this.all = List.copyOf(all);
    }

    public List<Provider> all() {
        return all;
    }

    /** The one of this name. */
    public Optional<Provider> find(ProviderName name) {
        return all.stream().filter(provider -> provider.name().equals(name)).findFirst();
    }
}
