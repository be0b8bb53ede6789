package dev.latchkey.gateway.user.ldap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.LdapName;
import org.springframework.ldap.core.LdapOperations;
import org.springframework.ldap.core.NameClassPairCallbackHandler;

/**
 * The texts of an entry. It is never read as an object: JNDI would make the one that the entry holds (RFC 2713), of
 * which those decide who may write to it, and where it must not, no entry of the answer could be read.
 *
 * @param values by the names of attributes, in any case
 */
record LdapEntry(String dn, Map<String, List<String>> values) {

    /** @param base no text, which JNDI would take for names of several naming systems with slashes between them */
    static List<LdapEntry> search(LdapOperations directory, LdapName base, String filter, SearchControls controls) {
        List<LdapEntry> entries = new ArrayList<>();
        NameClassPairCallbackHandler reader = found -> entries.add(of((SearchResult) found));
        directory.search(base, filter, controls, reader);
        return entries;
    }

    Stream<String> values(String attribute) {
        return values.getOrDefault(attribute, List.of()).stream();
    }

    private static LdapEntry of(SearchResult found) throws NamingException {
        Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Attribute attribute : Collections.list(found.getAttributes().getAll())) {
            values.put(
                    attribute.getID(),
                    Collections.list(attribute.getAll()).stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .toList());
        }
        return new LdapEntry(found.getNameInNamespace(), values);
    }

    /** Hides names and addresses, because logs must not become a list of users. */
    @Override
    public String toString() {
        return "LdapEntry[hidden]";
    }
}
