package dev.latchkey.gateway.user;

import dev.latchkey.gateway.startup.PropertyGroup;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.core.env.Environment;

/** Where users come from: a file, a store, OpenID Providers, or one of the first two and providers. */
public final class UsersSetting {

    private static final String USERS = "latchkey.users.";
    private static final String FILE = USERS + "file";
    private static final String SOURCE = USERS + "source";
    private static final String PROVIDERS = "latchkey.providers";

    private static final String NONE = FILE + " must be set to a file of users, " + SOURCE + " to where they are kept ("
            + "postgresql, mongodb or ldap), or " + PROVIDERS
            + " to OpenID Connect providers to sign in with; java -jar gateway.jar users hash makes the hashes in the"
            + " file";

    private UsersSetting() {}

    /** Where users with passwords come from; empty if nowhere, or if the settings contradict each other. */
    public static Optional<UserSource> source(Environment environment) {
        Optional<String> word = text(environment, SOURCE);
        if (word.isEmpty()) {
            return text(environment, FILE).map(file -> UserSource.FILE);
        }
        return word.flatMap(UsersSetting::sourceOf)
                .filter(source -> contradiction(environment, source).isEmpty());
    }

    /** Whether users may come who are listed nowhere here. */
    public static boolean hasProviders(Environment environment) {
        return !PropertyGroup.of(environment, PROVIDERS).isEmpty();
    }

    /** A sentence, if nobody could ever sign in, or if it cannot be said from where. */
    public static Optional<String> fault(Environment environment) {
        Optional<String> word = text(environment, SOURCE);
        if (word.isPresent()) {
            return word.flatMap(UsersSetting::sourceOf)
                    .map(source -> contradiction(environment, source))
                    .orElseGet(() -> Optional.of(SOURCE + " must be one of " + words()));
        }
        return unusedStore(environment)
                .or(() -> text(environment, FILE).isPresent() || hasProviders(environment)
                        ? Optional.empty()
                        : Optional.of(NONE));
    }

    /** What is set for another source was meant for something: who set it must say for what. */
    private static Optional<String> contradiction(Environment environment, UserSource source) {
        boolean hasFile = text(environment, FILE).isPresent();
        if (source == UserSource.FILE) {
            return hasFile ? Optional.empty() : Optional.of(SOURCE + " is file, and " + FILE + " is not set");
        }
        if (source == UserSource.POSTGRESQL
                && text(environment, "spring.r2dbc.url").isEmpty()) {
            return Optional.of(SOURCE + " is postgresql, and spring.r2dbc.url does not say where that is, such as"
                    + " r2dbc:postgresql://host:5432/database");
        }
        return hasFile
                ? Optional.of(FILE + " is set, and " + SOURCE + " is " + source.word() + "; remove one of them")
                : Optional.empty();
    }

    private static Optional<String> unusedStore(Environment environment) {
        return Arrays.stream(UserSource.values())
                .filter(source -> source != UserSource.FILE)
                .map(UserSource::word)
                .filter(word -> !PropertyGroup.of(environment, USERS + word).isEmpty())
                .findFirst()
                .map(word -> USERS + word + " is set, and " + SOURCE + " is not; set it to " + word);
    }

    private static Optional<UserSource> sourceOf(String word) {
        return Arrays.stream(UserSource.values())
                .filter(source -> source.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static String words() {
        return Arrays.stream(UserSource.values()).map(UserSource::word).collect(Collectors.joining(", "));
    }

    private static Optional<String> text(Environment environment, String property) {
        return Optional.ofNullable(environment.getProperty(property))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
