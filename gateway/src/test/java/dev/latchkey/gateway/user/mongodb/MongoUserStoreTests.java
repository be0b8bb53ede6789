package dev.latchkey.gateway.user.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.mongodb.MongoUserProperties.Fields;
import dev.latchkey.gateway.user.store.CredentialVersion;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

final class MongoUserStoreTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String HASH = "$2b$04$HxyeczJiJnslgzMZyvOPFeClkKGDRmdyKEs0JtW5kHxVAH2P9c6RO";
    private static final MongoServer SERVER = new MongoServer(new MemoryBackend());

    private static MongoClient client;
    private static MongoCollection<Document> users;

    @BeforeAll
    static void start() {
        client = MongoClients.create(SERVER.bindAndGetConnectionString());
        users = client.getDatabase("app").getCollection("users");
    }

    @AfterAll
    static void stop() {
        client.close();
        SERVER.shutdownNow();
    }

    @BeforeEach
    void empty() {
        Mono.from(users.deleteMany(new Document())).block(LIMIT);
    }

    @Test
    void findWhenFieldsAreNestedThenUserIsWhole() {
        put(new Document("username", "ada")
                .append("auth", new Document("hash", HASH))
                .append("roles", List.of("admin", 7, "ops"))
                .append("profile", new Document("name", "Ada L.").append("mail", "ada@example.org")));
        Fields fields =
                new Fields("username", "auth.hash", "roles", null, null, "profile.name", "profile.mail", "auth.v");

        StoredUser found = find(store(fields, Map.of("admin", "ADMIN")), "ada").orElseThrow();

        assertThat(found.user().roles().names()).containsExactly("ADMIN");
        assertThat(found.user().name()).contains("Ada L.");
        assertThat(found.user().email()).contains("ada@example.org");
        assertThat(found.stored()).contains(HASH);
        assertThat(found.hash().map(PasswordHash::stored)).contains(HASH);
        assertThat(found.disabled()).isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void findWhenRolesAreWrittenInAnyWayThenRead(Object written, List<String> expected) {
        put(user("ada").append("roles", written));

        assertThat(find(store(), "ada").orElseThrow().user().roles().names())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    static Stream<Arguments> findWhenRolesAreWrittenInAnyWayThenRead() {
        return Stream.of(
                Arguments.of("a, b,,", List.of("a", "b")),
                Arguments.of(List.of("a", "b"), List.of("a", "b")),
                Arguments.of(new Document("User", 2001).append("Editor", 0).append("Admin", null), List.of("User")),
                Arguments.of(new Document("User", true).append("Admin", false), List.of("User")),
                Arguments.of(Arrays.asList(null, List.of("a"), 1), List.of()),
                Arguments.of(12, List.of()));
    }

    @ParameterizedTest
    @MethodSource
    void findWhenTheFieldOfTheStateIsAnythingThenOnlyAClearWordLetsIn(String field, Object value, boolean disabled) {
        put(user("ada").append(field, value));
        Fields fields = new Fields(
                "username",
                "password",
                "roles",
                field.equals("disabled") ? field : null,
                field.equals("active") ? field : null,
                null,
                null,
                null);

        assertThat(find(store(fields, Map.of()), "ada").orElseThrow().disabled())
                .isEqualTo(disabled);
    }

    static Stream<Arguments> findWhenTheFieldOfTheStateIsAnythingThenOnlyAClearWordLetsIn() {
        return Stream.of(
                Arguments.of("disabled", true, true),
                Arguments.of("disabled", "no", true),
                Arguments.of("disabled", false, false),
                Arguments.of("disabled", null, false),
                Arguments.of("active", true, false),
                Arguments.of("active", null, true),
                Arguments.of("active", "true", true),
                Arguments.of("active", false, true));
    }

    /** As an environment variable without a value writes it. */
    @Test
    void findWhenTheFieldOfTheStateIsEmptyThenThereIsNone() {
        put(user("ada"));
        Fields fields = new Fields("username", "password", "roles", null, "", "", "", "");

        assertThat(find(store(fields, Map.of()), "ada").orElseThrow().disabled())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"$ne\": null}", "$where", "ada\"}", ".*", "Ada", "ad", "a.da"})
    void findWhenTheNameLooksLikeAQueryThenItIsAName(String name) {
        put(user("ada"));
        assertThat(find(store(), name)).isEmpty();

        put(user(name));
        assertThat(find(store(), name).orElseThrow().user().subject().value()).isEqualTo(name);
    }

    @Test
    void findWhenTheNameIsNoStringThenNobody() {
        put(new Document("username", List.of("ada")).append("password", HASH));

        assertThat(find(store(), "ada")).isEmpty();
    }

    @Test
    void findWhenTheNameOccursTwiceThenTroubleWithoutTheName() {
        put(user("ada"));
        put(user("ada"));

        assertThatThrownBy(() -> find(store(), "ada"))
                .isInstanceOf(StoreTroubleException.class)
                .hasMessageContaining("two users of one name");
    }

    @Test
    void findAllWhenSomeAreThereThenThose() {
        put(user("ada"));
        put(user("bob"));
        put(user("eve"));

        assertThat(store().findAll(List.of(new Subject("ada"), new Subject("eve"), new Subject("nobody")))
                        .map(found -> found.user().subject().value())
                        .collectList()
                        .block(LIMIT))
                .containsExactlyInAnyOrder("ada", "eve");
    }

    @Test
    void replaceHashWhenUnchangedThenReplacedOnceAndTheStampStays() {
        put(user("ada"));
        MongoUserStore store = store();
        StoredUser before = find(store, "ada").orElseThrow();
        PasswordHash next = PasswordHash.dummy("$2b$10$");
        String version = CredentialVersion.keeping(before.user().credentialStamp(), next.stored());

        assertThat(store.replaceHash(before, next, version).block(LIMIT)).isTrue();
        assertThat(store.replaceHash(before, PasswordHash.dummy("$2b$10$"), version)
                        .block(LIMIT))
                .isFalse();

        StoredUser after = find(store, "ada").orElseThrow();
        assertThat(after.stored()).contains(next.stored());
        assertThat(after.user().credentialStamp()).isEqualTo(before.user().credentialStamp());
    }

    private static Document user(String name) {
        return new Document("username", name).append("password", HASH);
    }

    private static void put(Document user) {
        Mono.from(users.insertOne(user)).block(LIMIT);
    }

    private static MongoUserStore store() {
        return store(new Fields("username", "password", "roles", null, null, null, null, "version"), Map.of());
    }

    private static MongoUserStore store(Fields fields, Map<String, String> roles) {
        return new MongoUserStore(
                users,
                new MongoUserProperties("users", fields, roles, fields.version() != null, 2),
                Duration.ofSeconds(2));
    }

    private static Optional<StoredUser> find(MongoUserStore store, String name) {
        return store.find(new Subject(name)).blockOptional(LIMIT).orElseThrow();
    }
}
