package dev.latchkey.gateway.testing.users;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A server of MongoDB's protocol in this process, with documents as an Express application writes them. */
public final class MongoFixture implements RelayedStore {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final MongoClient client;
    private final MongoCollection<Document> users;
    private final StoreRelay relay;

    private MongoFixture() {
        int port = server.bind().getPort();
        client = MongoClients.create("mongodb://127.0.0.1:" + port);
        users = client.getDatabase("shop").getCollection("users");
        relay = new StoreRelay(port);
    }

    public static MongoFixture start() {
        return new MongoFixture();
    }

    @Override
    public Map<String, Object> properties() {
        return Map.ofEntries(
                Map.entry("latchkey.users.file", ""),
                Map.entry("latchkey.users.source", "mongodb"),
                Map.entry("latchkey.users.mongodb.fields.active", "active"),
                Map.entry("latchkey.users.mongodb.fields.display-name", "profile.name"),
                Map.entry("latchkey.users.mongodb.fields.email", "profile.email"),
                Map.entry("latchkey.users.mongodb.fields.version", "passwordVersion"),
                Map.entry("latchkey.users.mongodb.writable", true),
                Map.entry("spring.mongodb.uri", "mongodb://127.0.0.1:" + relay.port() + "/shop"));
    }

    /** Express writes bcrypt without a prefix. */
    @Override
    public void put(String name, String hash, List<String> roles) {
        Document user = new Document("username", name)
                .append("password", hash.replace("{bcrypt}", ""))
                .append("roles", roles)
                .append("active", true)
                .append("profile", new Document("name", "Name of " + name).append("email", name + "@shop.example"));
        run(users.replaceOne(named(name), user, new ReplaceOptions().upsert(true)));
    }

    @Override
    public void disable(String name, boolean disabled) {
        run(users.updateOne(named(name), Updates.set("active", !disabled)));
    }

    @Override
    public void delete(String name) {
        run(users.deleteOne(named(name)));
    }

    @Override
    public void rehash(String name, String hash) {
        run(users.updateOne(named(name), Updates.set("password", hash.replace("{bcrypt}", ""))));
    }

    @Override
    public void setRoles(String name, List<String> roles) {
        run(users.updateOne(named(name), Updates.set("roles", roles)));
    }

    @Override
    public String hash(String name) {
        return Mono.from(users.find(named(name)))
                .map(user -> user.getString("password"))
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    @Override
    public StoreRelay relay() {
        return relay;
    }

    @Override
    public void close() {
        relay.close();
        client.close();
        server.shutdownNow();
    }

    private static Bson named(String name) {
        return Filters.eq("username", name);
    }

    private static void run(Publisher<?> change) {
        Mono.from(change).block(LIMIT);
    }
}
