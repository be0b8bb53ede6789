package dev.latchkey.gateway.user;

import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether users come from a file, from OpenID Providers, or from both. */
public final class UsersSetting {

    private static final String FILE = "latchkey.users.file";
    private static final String PROVIDERS = "latchkey.providers";

    private static final String NONE = FILE + " must be set to a file of users, or " + PROVIDERS
            + " to OpenID Connect providers to sign in with; java -jar gateway.jar users hash makes the hashes in the"
            + " file";

    private UsersSetting() {}

    /** Whether there is a file of users, who sign in with passwords. */
    public static boolean hasFile(Environment environment) {
        String file = environment.getProperty(FILE);
        return file != null && !file.isBlank();
    }

    /** Whether users may come who are listed in no file here. */
    public static boolean hasProviders(Environment environment) {
        Map<String, Object> providers = Binder.get(environment)
                .bind(PROVIDERS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        return !providers.isEmpty();
    }

    /** A sentence, if nobody could ever sign in. */
    public static Optional<String> fault(Environment environment) {
        return hasFile(environment) || hasProviders(environment) ? Optional.empty() : Optional.of(NONE);
    }
}
