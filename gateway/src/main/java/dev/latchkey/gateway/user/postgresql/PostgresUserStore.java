package dev.latchkey.gateway.user.postgresql;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.store.RoleMapping;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.StoredUsers;
import dev.latchkey.gateway.user.store.UserStore;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Users in a table, or behind a statement, of PostgreSQL. */
final class PostgresUserStore implements UserStore {

    private final DatabaseClient database;
    private final PostgresProperties properties;
    private final RoleMapping roles;

    PostgresUserStore(DatabaseClient database, PostgresProperties properties) {
        this.database = database;
        this.properties = properties;
        this.roles = new RoleMapping(properties.roles());
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Mono<Optional<StoredUser>> find(Subject subject) {
        return findAll(List.of(subject)).singleOrEmpty().map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    /** A database may compare without case: a row of another name is another user. */
    @Override
    public Flux<StoredUser> findAll(Collection<Subject> subjects) {
        return Flux.defer(() -> found(Set.copyOf(subjects), new HashSet<>(subjects)))
                .onErrorMap(failure -> !(failure instanceof StoreTroubleException), PostgresUserStore::trouble);
    }

    /** @param awaited those of whom there was no row yet */
    private Flux<StoredUser> found(Set<Subject> asked, Set<Subject> awaited) {
        return database.sql(properties.select())
                .bind("names", asked.stream().map(Subject::value).toArray(String[]::new))
                .map(this::user)
                .all()
                .filter(user -> asked.contains(user.user().subject()))
                .doOnNext(user -> refuseSecond(awaited.remove(user.user().subject())));
    }

    private static void refuseSecond(boolean isFirst) {
        if (!isFirst) {
            throw new StoreTroubleException(
                    "two rows of one name; make the column unique, or the statement answer with one row a user", null);
        }
    }

    @Override
    public boolean isWritable() {
        return properties.writable();
    }

    @Override
    public Mono<Boolean> replaceHash(StoredUser expected, PasswordHash next, String version) {
        return database.sql(properties.update())
                .bind("next", next.stored())
                .bind("version", version)
                .bind("name", expected.user().subject().value())
                .bind("expected", expected.stored().orElseThrow())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0)
                .onErrorMap(PostgresUserStore::trouble);
    }

    private StoredUser user(Row row, RowMetadata columns) {
        return StoredUsers.of(
                new Subject(Objects.requireNonNull(row.get("name", String.class))),
                text(row, columns, "password"),
                text(row, columns, "version"),
                roles.apply(names(row, columns)),
                columns.contains("disabled") && Boolean.TRUE.equals(row.get("disabled", Boolean.class)),
                text(row, columns, "display_name"),
                text(row, columns, "email"));
    }

    private static Optional<String> text(Row row, RowMetadata columns, String column) {
        return columns.contains(column) ? Optional.ofNullable(row.get(column, String.class)) : Optional.empty();
    }

    /** A text array, or a text with commas. */
    private static List<String> names(Row row, RowMetadata columns) {
        Object written = columns.contains("roles") ? row.get("roles") : null;
        if (written == null) {
            return List.of();
        }
        String[] names = written instanceof String[] array ? array : ((String) written).split(",", -1);
        return Arrays.stream(names)
                .filter(Objects::nonNull)
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .toList();
    }

    /** The text of a database's error may show a row; its code (PostgreSQL, appendix A) says what to look for. */
    private static Throwable trouble(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String type = cause.getClass().getSimpleName();
        String state = cause instanceof R2dbcException known ? known.getSqlState() : null;
        return new StoreTroubleException(state == null ? type : type + ", SQLSTATE " + state, failure);
    }
}
