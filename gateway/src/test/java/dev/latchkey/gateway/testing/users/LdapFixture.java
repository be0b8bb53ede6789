package dev.latchkey.gateway.testing.users;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * A directory in this process, with the groups of docs/users.md. Each user's password is their name until it is
 * changed.
 */
public final class LdapFixture implements RelayedStore {

    private static final String BASE = "dc=shop,dc=example";
    private static final String SERVICE = "cn=gateway," + BASE;
    private static final String PASSWORD = "service-secret";

    /** Of a real directory it is the time of the change. */
    private static final String VERSION = "pwdChangedTime";

    private static final String GROUPS = "ou=groups," + BASE;
    private static final String MEMBER = "member";
    private static final String PEOPLE = "ou=people," + BASE;
    private static final List<String> ROLES = List.of("customer", "admin");
    private static final String DISABLED = "nsAccountLock";

    private final InMemoryDirectoryServer server;
    private final StoreRelay relay;

    private LdapFixture() throws LDAPException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setSchema(null);
        config.addAdditionalBindCredentials(SERVICE, PASSWORD);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("plain", InetAddress.getLoopbackAddress(), 0, null));
        server = new InMemoryDirectoryServer(config);
        server.add(new Entry(BASE, new Attribute("objectClass", "domain")));
        server.add(new Entry(GROUPS, new Attribute("objectClass", "organizationalUnit")));
        server.add(new Entry(PEOPLE, new Attribute("objectClass", "organizationalUnit")));
        for (String role : ROLES) {
            server.add(new Entry(group(role), new Attribute("objectClass", "groupOfNames")));
        }
        server.startListening();
        relay = new StoreRelay(server.getListenPort());
    }

    public static LdapFixture start() {
        try {
            return new LdapFixture();
        } catch (LDAPException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public Map<String, Object> properties() {
        return Map.ofEntries(
                Map.entry("latchkey.users.file", ""),
                Map.entry("latchkey.users.source", "ldap"),
                Map.entry("latchkey.users.ldap.groups.base", "ou=groups"),
                Map.entry("latchkey.users.ldap.groups.filter", "(member={0})"),
                Map.entry("latchkey.users.ldap.base", "ou=people"),
                Map.entry("spring.ldap.urls", "ldap://127.0.0.1:" + relay.port()),
                Map.entry("spring.ldap.base", BASE),
                Map.entry("spring.ldap.username", SERVICE),
                Map.entry("spring.ldap.password", PASSWORD));
    }

    @Override
    public void put(String name, String hash, List<String> roles) {
        delete(name);
        setRoles(name, roles);
        Entry entry = new Entry(dn(name));
        entry.addAttribute("objectClass", "inetOrgPerson");
        entry.addAttribute("uid", name);
        entry.addAttribute("userPassword", name);
        entry.addAttribute("displayName", "Name of " + name);
        entry.addAttribute("mail", name + "@shop.example");
        entry.addAttribute(VERSION, hash);
        change(() -> server.add(entry));
    }

    @Override
    public void disable(String name, boolean disabled) {
        replace(name, DISABLED, Boolean.toString(disabled));
    }

    @Override
    public void delete(String name) {
        change(() -> server.deleteSubtree(dn(name)));
    }

    @Override
    public void rehash(String name, String hash) {
        replace(name, "userPassword", "another");
        replace(name, VERSION, hash);
    }

    @Override
    public void setRoles(String name, List<String> roles) {
        for (String role : ROLES) {
            change(() -> setMember(group(role), dn(name), roles.contains(role)));
        }
    }

    /** A group that stays as it is is not written. */
    private void setMember(String group, String user, boolean isMember) throws LDAPException {
        if (isMember != server.getEntry(group).hasAttributeValue(MEMBER, user)) {
            server.modify(
                    group, new Modification(isMember ? ModificationType.ADD : ModificationType.DELETE, MEMBER, user));
        }
    }

    @Override
    public String hash(String name) {
        throw new UnsupportedOperationException("a directory tells no hashes");
    }

    @Override
    public StoreRelay relay() {
        return relay;
    }

    @Override
    public void close() {
        relay.close();
        server.shutDown(true);
    }

    private static String dn(String name) {
        return "uid=" + name + "," + PEOPLE;
    }

    private static String group(String role) {
        return "cn=" + role + "," + GROUPS;
    }

    private void replace(String name, String attribute, String... values) {
        change(() -> server.modify(dn(name), new Modification(ModificationType.REPLACE, attribute, values)));
    }

    private static void change(Change change) {
        try {
            change.make();
        } catch (LDAPException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What is done to the directory. */
    private interface Change {

        void make() throws LDAPException;
    }
}
