package dev.latchkey.gateway.testing.users;

import java.util.List;
import java.util.Map;

/** A real store of users, which a story changes as another program would. */
public interface StoreFixture extends AutoCloseable {

    /** What a gateway needs to use it. */
    Map<String, Object> properties();

    /** Adds the user or replaces everything about them, with a name and an address for people to read. */
    void put(String name, String hash, List<String> roles);

    void disable(String name, boolean disabled);

    void delete(String name);

    /** As far as the gateway can see, all of them in one moment. */
    void delete(List<String> names);

    /** Another hash, without a word on its version. */
    void rehash(String name, String hash);

    void setRoles(String name, List<String> roles);

    /** The hash as it is now. */
    String hash(String name);

    /** It keeps its connections and says nothing. */
    void stop();

    void resume();

    /** It breaks its connections and refuses new ones. */
    void kill();

    /** Where it was, with what it held. */
    void restart();

    @Override
    void close();
}
