package dev.latchkey.gateway.user.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.store.RoleMapping;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.StoredUsers;
import dev.latchkey.gateway.user.store.UserStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Users in a collection of MongoDB. What a client sends is only ever a string that a filter compares. */
final class MongoUserStore implements UserStore {

    /** A collection that compares without case may answer with more than one document for a name. */
    private static final int OTHERS = 20;

    private final MongoCollection<Document> users;
    private final MongoUserProperties.Fields fields;
    private final RoleMapping roles;
    private final boolean writable;
    private final Duration timeout;

    MongoUserStore(MongoCollection<Document> users, MongoUserProperties properties, Duration timeout) {
        this.users = users;
        this.fields = properties.fields();
        this.roles = new RoleMapping(properties.roles());
        this.writable = properties.writable();
        this.timeout = timeout;
    }

    @Override
    public String name() {
        return "mongodb";
    }

    @Override
    public Mono<Optional<StoredUser>> find(Subject subject) {
        return findAll(List.of(subject)).singleOrEmpty().map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    @Override
    public Flux<StoredUser> findAll(Collection<Subject> subjects) {
        return Flux.defer(() -> {
                    List<String> names =
                            subjects.stream().map(Subject::value).distinct().toList();
                    return found(names, new HashSet<>(names));
                })
                .onErrorMap(failure -> !(failure instanceof StoreTroubleException), MongoUserStore::trouble);
    }

    /** @param awaited those of whom there was no document yet */
    private Flux<StoredUser> found(List<String> names, Set<String> awaited) {
        Set<String> asked = Set.copyOf(names);
        return Flux.from(users.find(Filters.in(fields.name(), names))
                        .projection(Projections.include(fields.all()))
                        .limit(names.size() + OTHERS)
                        .batchSize(names.size() + OTHERS)
                        .maxTime(timeout.toMillis(), TimeUnit.MILLISECONDS))
                .filter(document -> at(document, fields.name()) instanceof String name && asked.contains(name))
                .doOnNext(document -> refuseSecond(awaited.remove(at(document, fields.name()))))
                .map(this::user);
    }

    private static void refuseSecond(boolean isFirst) {
        if (!isFirst) {
            throw new StoreTroubleException("two users of one name; make the index of the name unique", null);
        }
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public Mono<Boolean> replaceHash(StoredUser expected, PasswordHash next, String version) {
        Bson unchanged = Filters.and(
                Filters.eq(fields.name(), expected.user().subject().value()),
                Filters.eq(fields.password(), expected.stored().orElseThrow()));
        Bson change = Updates.combine(
                Updates.set(fields.password(), next.stored()),
                Updates.set(Objects.requireNonNull(fields.version()), version));
        return Mono.from(users.updateOne(unchanged, change))
                .map(result -> result.getMatchedCount() > 0)
                .onErrorMap(MongoUserStore::trouble);
    }

    private StoredUser user(Document document) {
        return StoredUsers.of(
                new Subject((String) Objects.requireNonNull(at(document, fields.name()))),
                text(document, fields.password()),
                text(document, fields.version()),
                roles.apply(names(at(document, fields.roles()))),
                isDisabled(document),
                text(document, fields.displayName()),
                text(document, fields.email()));
    }

    private boolean isDisabled(Document document) {
        if (fields.active() != null) {
            return !Boolean.TRUE.equals(at(document, fields.active()));
        }
        Object disabled = at(document, fields.disabled());
        return disabled != null && !Boolean.FALSE.equals(disabled);
    }

    /** An object has a field for each role, which counts unless it says no: {@code {Editor: 1984, Admin: null}}. */
    private static List<String> names(@Nullable Object roles) {
        Stream<?> names = Stream.empty();
        if (roles instanceof Collection<?> array) {
            names = array.stream();
        } else if (roles instanceof String text) {
            names = Arrays.stream(text.split(",", -1));
        } else if (roles instanceof Document object) {
            names = object.entrySet().stream()
                    .filter(role -> isSet(role.getValue()))
                    .map(Map.Entry::getKey);
        }
        return names.filter(String.class::isInstance)
                .map(name -> ((String) name).strip())
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static boolean isSet(@Nullable Object value) {
        return Boolean.TRUE.equals(value) || (value instanceof Number number && number.doubleValue() != 0);
    }

    private static Optional<String> text(Document document, @Nullable String field) {
        return at(document, field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static @Nullable Object at(Document document, @Nullable String field) {
        if (field == null || field.isEmpty()) {
            return null;
        }
        Object value = document;
        for (String part : field.split("\\.", -1)) {
            value = value instanceof Document object ? object.get(part) : null;
        }
        return value;
    }

    /** The text of an error may show a document; its code says what to look for. */
    private static Throwable trouble(Throwable failure) {
        String type = failure.getClass().getSimpleName();
        boolean hasCode = failure instanceof MongoException known && known.getCode() > 0;
        return new StoreTroubleException(
                hasCode ? type + ", code " + ((MongoException) failure).getCode() : type, failure);
    }
}
