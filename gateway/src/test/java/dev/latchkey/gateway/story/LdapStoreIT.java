package dev.latchkey.gateway.story;

import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.LdapFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users in a directory, which says itself whether a password is right. */
final class LdapStoreIT extends UserStoreStories {

    private static final LdapFixture STORE = LdapFixture.start();

    @RegisterExtension
    static final World WORLD = new World(properties(STORE));

    LdapStoreIT() {
        super(WORLD, STORE);
    }

    @AfterAll
    static void close() {
        STORE.close();
    }
}
