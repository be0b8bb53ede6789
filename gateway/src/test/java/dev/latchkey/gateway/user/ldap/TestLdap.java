package dev.latchkey.gateway.user.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import java.util.function.Consumer;

/** A directory in this process: people, groups, and a service account that may read. */
final class TestLdap implements AutoCloseable {

    static final String SERVICE = "cn=gateway,dc=example,dc=org";
    static final String SERVICE_PASSWORD = "service-secret";

    private final InMemoryDirectoryServer server;

    private TestLdap(Consumer<InMemoryDirectoryServerConfig> more) throws LDAPException, LDIFException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=org");
        config.setSchema(null);
        config.addAdditionalBindCredentials(SERVICE, SERVICE_PASSWORD);
        config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig("plain", 0));
        config.setGenerateOperationalAttributes(true);
        more.accept(config);
        server = new InMemoryDirectoryServer(config);
        server.add("dn: dc=example,dc=org", "objectClass: domain", "dc: example");
        server.add("dn: ou=people,dc=example,dc=org", "objectClass: organizationalUnit", "ou: people");
        server.add("dn: ou=groups,dc=example,dc=org", "objectClass: organizationalUnit", "ou: groups");
        server.startListening();
    }

    static TestLdap start() throws LDAPException, LDIFException {
        return start(config -> {});
    }

    static TestLdap start(Consumer<InMemoryDirectoryServerConfig> more) throws LDAPException, LDIFException {
        return new TestLdap(more);
    }

    InMemoryDirectoryServer server() {
        return server;
    }

    void person(String uid, String password, String... more) throws LDAPException, LDIFException {
        String[] entry = {
            "dn: uid=" + uid + ",ou=people,dc=example,dc=org",
            "objectClass: inetOrgPerson",
            "uid: " + uid,
            "cn: " + uid,
            "sn: " + uid,
            "userPassword: " + password
        };
        String[] all = new String[entry.length + more.length];
        System.arraycopy(entry, 0, all, 0, entry.length);
        System.arraycopy(more, 0, all, entry.length, more.length);
        server.add(all);
    }

    void group(String name, String... members) throws LDAPException, LDIFException {
        String[] lines = new String[3 + members.length];
        lines[0] = "dn: cn=" + name + ",ou=groups,dc=example,dc=org";
        lines[1] = "objectClass: groupOfNames";
        lines[2] = "cn: " + name;
        for (int index = 0; index < members.length; index++) {
            lines[3 + index] = "member: uid=" + members[index] + ",ou=people,dc=example,dc=org";
        }
        server.add(lines);
    }

    String url(String host) {
        return "ldap://" + host + ":" + server.getListenPort();
    }

    @Override
    public void close() {
        server.shutDown(true);
    }
}
