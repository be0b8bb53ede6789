package dev.latchkey.gateway.user.postgresql;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users kept in PostgreSQL, if {@code latchkey.users.source} is {@code postgresql}. How the database is reached is said
 * by Spring's {@code spring.r2dbc}.
 *
 * @param table The table of users, {@code users} or {@code schema.users}, written as it is in the database: upper case
 *     counts
 * @param columns The names of its columns
 * @param query In place of table and columns, a statement that is given the names of users as {@code :names}, a text
 *     array, and answers with the columns {@code name} and {@code password}, and as far as there are any {@code roles},
 *     {@code disabled}, {@code display_name}, {@code email} and {@code version}
 * @param roles The role here by the name of a role there; if it is empty, all roles count as they are written, else the
 *     others are left out
 * @param writable Whether the gateway may write password hashes: a better one of the same password when its user signs
 *     in, and that of another which they choose. Needs {@code table}, and a {@code version} column
 */
@ConfigurationProperties("latchkey.users.postgresql")
record PostgresProperties(
        @DefaultValue("users") String table,
        @DefaultValue Columns columns,
        @Nullable String query,
        @DefaultValue Map<String, String> roles,
        @DefaultValue("false") boolean writable) {

    private static final String PREFIX = "latchkey.users.postgresql.";
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,62}");
    private static final Pattern NAMES = Pattern.compile(".*(?<!:):names\\b.*", Pattern.DOTALL);

    PostgresProperties {
        check(
                Stream.of(table.split("\\.", 2)).allMatch(PostgresProperties::isIdentifier),
                "table",
                "a name of a table");
        check(query == null || NAMES.matcher(query).matches(), "query", "a statement with the parameter :names");
        if (writable && Columns.optional(columns.version).isEmpty()) {
            throw new IllegalArgumentException(
                    PREFIX + "writable needs a column for the version of the hash: set " + PREFIX + "columns.version");
        }
    }

    /** The statement for the users of some names. */
    String select() {
        return query != null
                ? query
                : "SELECT " + columns.selected() + " FROM " + quoted(table) + " WHERE " + quoted(columns.name)
                        + " = ANY(:names)";
    }

    /** The statement that replaces one hash. */
    String update() {
        return "UPDATE " + quoted(table) + " SET " + quoted(columns.password) + " = :next, "
                + quoted(Objects.requireNonNull(columns.version)) + " = :version WHERE " + quoted(columns.name)
                + " = :name AND " + quoted(columns.password) + " = :expected";
    }

    private static String quoted(String identifier) {
        return Arrays.stream(identifier.split("\\.", 2))
                .map(part -> '"' + part + '"')
                .collect(Collectors.joining("."));
    }

    private static boolean isIdentifier(String name) {
        return IDENTIFIER.matcher(name).matches();
    }

    private static void check(boolean isValid, String property, String what) {
        if (!isValid) {
            throw new IllegalArgumentException(PREFIX + property + " must be " + what);
        }
    }

    /**
     * The columns of the table.
     *
     * @param name Column of the name with which a user signs in, a text
     * @param password Column of the password hash, a text
     * @param roles Column of the roles, a text array or a text with commas; empty if there is none
     * @param disabled Column that says whether the user may not sign in, a boolean; empty if there is none
     * @param displayName Column of the name for people to read
     * @param email Column of the e-mail address
     * @param version Column in which the gateway keeps the version of a hash that it wrote, a text
     */
    record Columns(
            @DefaultValue("name") String name,
            @DefaultValue("password") String password,
            @DefaultValue("roles") String roles,
            @DefaultValue("disabled") String disabled,
            @Nullable String displayName,
            @Nullable String email,
            @Nullable String version) {

        Columns {
            column(name, "name");
            column(password, "password");
            optional(roles).ifPresent(column -> column(column, "roles"));
            optional(disabled).ifPresent(column -> column(column, "disabled"));
            optional(displayName).ifPresent(column -> column(column, "display-name"));
            optional(email).ifPresent(column -> column(column, "email"));
            optional(version).ifPresent(column -> column(column, "version"));
        }

        /** Each by the name that a query of one's own gives it, too. */
        private String selected() {
            return Stream.of(
                            as(name, "name"),
                            as(password, "password"),
                            as(roles, "roles"),
                            as(disabled, "disabled"),
                            as(displayName, "display_name"),
                            as(email, "email"),
                            as(version, "version"))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining(", "));
        }

        private static Optional<String> as(@Nullable String column, String name) {
            return optional(column).map(present -> quoted(present) + " AS " + name);
        }

        private static Optional<String> optional(@Nullable String column) {
            return Optional.ofNullable(column).filter(text -> !text.isEmpty());
        }

        private static void column(String column, String property) {
            check(isIdentifier(column), "columns." + property, "a name of a column");
        }
    }
}
