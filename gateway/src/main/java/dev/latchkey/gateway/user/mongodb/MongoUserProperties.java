package dev.latchkey.gateway.user.mongodb;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users kept in MongoDB, if {@code latchkey.users.source} is {@code mongodb}. How the database is reached is said by
 * Spring's {@code spring.mongodb}.
 *
 * @param collection The collection of users
 * @param fields The names of the fields of a user; a field within another is written with dots
 * @param roles The role here by the name of a role there; if it is empty, all roles count as they are written, else the
 *     others are left out
 * @param writable Whether the gateway may replace a password hash by a better one of the same password when its user
 *     signs in. Needs {@code fields.version}
 * @param connections How many connections there are at most to each server, 1 to 100
 */
@ConfigurationProperties("latchkey.users.mongodb")
record MongoUserProperties(
        @DefaultValue("users") String collection,
        @DefaultValue Fields fields,
        @DefaultValue Map<String, String> roles,
        @DefaultValue("false") boolean writable,
        @DefaultValue("10") int connections) {

    private static final String PREFIX = "latchkey.users.mongodb.";
    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_-]{1,60}(\\.[A-Za-z0-9_-]{1,60}){0,7}");

    MongoUserProperties {
        check(
                !collection.isBlank() && collection.indexOf('$') < 0 && !collection.startsWith("system."),
                "collection must be the name of a collection");
        check(connections >= 1 && connections <= 100, "connections must lie between 1 and 100");
        check(
                !writable || fields.version != null,
                "writable needs a field for the version of the hash: set " + PREFIX + "fields.version");
    }

    private static void check(boolean isValid, String sentence) {
        if (!isValid) {
            throw new IllegalArgumentException(PREFIX + sentence);
        }
    }

    /**
     * The fields of a user.
     *
     * @param name Field of the name with which a user signs in, a string that never changes and has a unique index
     * @param password Field of the password hash, a string
     * @param roles Field of the roles: an array, a string with commas, or an object whose fields are the roles; empty
     *     if there is none
     * @param disabled Field that says that a user may not sign in; only false, null and no field let them
     * @param active Field that says that a user may sign in; only true lets them. Not together with {@code disabled}
     * @param displayName Field of the name for people to read
     * @param email Field of the e-mail address
     * @param version Field in which the gateway keeps the version of a hash that it replaced
     */
    record Fields(
            @DefaultValue("username") String name,
            @DefaultValue("password") String password,
            @DefaultValue("roles") String roles,
            @Nullable String disabled,
            @Nullable String active,
            @Nullable String displayName,
            @Nullable String email,
            @Nullable String version) {

        Fields {
            disabled = named(disabled);
            active = named(active);
            displayName = named(displayName);
            email = named(email);
            version = named(version);
            Stream.of(name, password)
                    .forEach(field -> check(isField(field), "fields.name and .password must be names of fields"));
            Stream.of(Optional.of(roles), of(disabled), of(active), of(displayName), of(email), of(version))
                    .flatMap(Optional::stream)
                    .forEach(field ->
                            check(field.isEmpty() || isField(field), "fields must be names of fields, joined by dots"));
            check(disabled == null || active == null, "fields: set one of disabled and active");
        }

        /** All that are read. */
        String[] all() {
            return Stream.of(name, password, roles, disabled, active, displayName, email, version)
                    .filter(Objects::nonNull)
                    .filter(field -> !field.isEmpty())
                    .toArray(String[]::new);
        }

        /** One that is empty names none, as an environment variable without a value does. */
        private static @Nullable String named(@Nullable String field) {
            return field == null || field.isEmpty() ? null : field;
        }

        private static Optional<String> of(@Nullable String field) {
            return Optional.ofNullable(field);
        }

        private static boolean isField(String name) {
            return FIELD.matcher(name).matches();
        }
    }
}
