import com.sun.net.httpserver.HttpServer;
import dev.latchkey.gateway.testing.users.LdapFixture;
import dev.latchkey.gateway.testing.users.MongoFixture;
import dev.latchkey.gateway.testing.users.PostgresFixture;
import dev.latchkey.gateway.testing.users.StoreFixture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Users in a store, the one that the tests use, which another program changes: {@code POST /CHANGE/NAME}. Called by
 * user-changes.sh: STORE PORT ROUNDS ARGUMENTS, where ARGUMENTS is the file for what a node needs to use it.
 */
public final class UserStore {

    private static final List<String> CHANGES = List.of("disabled", "gone", "other-hash", "role-withdrawn");
    private static final String HASH = "{bcrypt}$2a$10$bpgCFBDpZE.cd4Vq.vqmXudGPlvPUcdDtS5pppg1geCLizn6RH/sq";
    private static final String OTHER = "{bcrypt}$2a$10$KkEfU1xUx1D3BIs/ZCUYL.NYQzOerOW0rqyT4.PPsPxGBfMrugTf6";
    private static final int DONE = 204;

    private UserStore() {}

    public static void main(String[] arguments) throws Exception {
        StoreFixture store = switch (arguments[0]) {
            case "postgresql" -> PostgresFixture.start();
            case "mongodb" -> MongoFixture.start();
            case "ldap" -> LdapFixture.start();
            default -> throw new IllegalArgumentException("the store must be postgresql, mongodb or ldap");
        };
        Runtime.getRuntime().addShutdownHook(new Thread(store::close));
        int rounds = Integer.parseInt(arguments[2]);
        for (String change : CHANGES) {
            for (int round = 0; round < rounds; round++) {
                store.put(change + round, HASH, List.of("customer"));
            }
        }
        List<String> properties = store.properties().entrySet().stream()
                .filter(property -> !property.getKey().equals("latchkey.users.file"))
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toList();
        Files.write(Path.of(arguments[3]), properties);
        serve(store, Integer.parseInt(arguments[1]));
    }

    private static void serve(StoreFixture store, int port) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            String[] path = exchange.getRequestURI().getPath().split("/");
            if (path.length > 2) {
                change(store, path[1], path[2]);
            }
            exchange.sendResponseHeaders(DONE, -1);
            exchange.close();
        });
        server.start();
    }

    private static void change(StoreFixture store, String change, String name) {
        switch (change) {
            case "disabled" -> store.disable(name, true);
            case "gone" -> store.delete(name);
            case "other-hash" -> store.rehash(name, OTHER);
            default -> store.setRoles(name, List.of());
        }
    }
}
