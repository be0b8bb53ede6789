package dev.latchkey.gateway.user.ldap;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.NormalForm;
import dev.latchkey.gateway.user.store.RoleMapping;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.StoredUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.directory.SearchControls;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;
import org.springframework.ldap.core.LdapOperations;
import org.springframework.ldap.support.LdapEncoder;
import org.springframework.ldap.support.LdapUtils;

/** Finds users and their roles in a directory. Blocks. */
final class LdapUserSearch {

    /** Roles of one user at most: of more, some would be missing without a word, so that is trouble. */
    private static final int MOST_GROUPS = 1000;

    /** ACCOUNTDISABLE of Active Directory. */
    private static final String CONTROL = "userAccountControl";

    private static final long ACCOUNT_DISABLED = 2;

    /** 389 Directory Server. */
    private static final String LOCK = "nsAccountLock";

    /**
     * Of OpenLDAP's password policy. A time says that wrong passwords were tried, which must not end the sessions of
     * the right user; this value says that an administrator locked the account.
     */
    private static final String LOCKED_TIME = "pwdAccountLockedTime";

    private static final String LOCKED_BY_ADMINISTRATOR = "000001010000Z";

    private static final List<String> VERSIONS = List.of("pwdChangedTime", "pwdLastSet");

    private final LdapUserProperties properties;
    private final LdapUserProperties.Attributes attributes;
    private final LdapUserProperties.Groups groups;
    private final RoleMapping roles;
    private final LdapName root;
    private final LdapName base;
    private final LdapName groupsBase;
    private final LdapName groupsRoot;
    private final int timeout;
    private final String[] asked;

    /** @param root {@code spring.ldap.base} */
    LdapUserSearch(LdapName root, LdapUserProperties properties, Duration timeout) {
        this.properties = properties;
        this.attributes = properties.attributes();
        this.groups = properties.groups();
        this.roles = new RoleMapping(properties.roles());
        this.root = root;
        this.base = LdapUtils.newLdapName(properties.base());
        this.groupsBase = LdapUtils.newLdapName(groups.base());
        this.groupsRoot = LdapUtils.prepend(groupsBase, root);
        this.timeout = (int) timeout.toMillis();
        this.asked = asked();
    }

    /** Those of whom the directory knows; a name that occurs twice is a failure. */
    List<StoredUser> users(LdapOperations directory, Collection<String> names) {
        return entries(directory, names, asked).entrySet().stream()
                .map(entry -> user(directory, entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The DN of a user. */
    Optional<String> dn(LdapOperations directory, String name) {
        return Optional.ofNullable(entries(directory, List.of(name), new String[] {attributes.name()})
                        .get(name))
                .map(LdapEntry::dn);
    }

    /** The DN of nobody. */
    String nobody() {
        return LdapUtils.prepend(LdapUtils.newLdapName("cn=" + UUID.randomUUID()), root)
                .toString();
    }

    /** By those of the names that are theirs: a directory compares without case, and another name is another user. */
    private Map<String, LdapEntry> entries(LdapOperations directory, Collection<String> names, String[] asked) {
        String filter = names.stream().map(this::filter).collect(Collectors.joining("", "(|", ")"));
        List<LdapEntry> entries = LdapEntry.search(directory, base, filter, controls(2 * names.size() + 20, asked));
        Map<String, LdapEntry> found = new HashMap<>();
        for (LdapEntry entry : entries) {
            names(entry).filter(names::contains).forEach(name -> put(found, name, entry));
        }
        return found;
    }

    private static void put(Map<String, LdapEntry> found, String name, LdapEntry entry) {
        if (found.put(name, entry) != null) {
            throw new StoreTroubleException("two entries of one name; narrow the base or the filter", null);
        }
    }

    private String filter(String name) {
        return properties.filter().replace("{0}", LdapEncoder.filterEncode(name));
    }

    private StoredUser user(LdapOperations directory, String name, LdapEntry entry) {
        return StoredUsers.withoutHash(
                new Subject(name),
                version(entry),
                roles(directory, name, entry),
                isDisabled(entry),
                value(entry, attributes.displayName()),
                value(entry, attributes.email()));
    }

    /** All values of an attribute are equal in rank, and come in no order (RFC 4512, section 2.2). */
    private Stream<String> names(LdapEntry entry) {
        return entry.values(attributes.name()).map(NormalForm::ofName).distinct();
    }

    private Optional<String> version(LdapEntry entry) {
        return attributes.version() == null
                ? VERSIONS.stream()
                        .flatMap(attribute -> value(entry, attribute).stream())
                        .findFirst()
                : value(entry, attributes.version());
    }

    private boolean isDisabled(LdapEntry entry) {
        return value(entry, CONTROL).filter(LdapUserSearch::isDisabledByControl).isPresent()
                || value(entry, LOCK).filter("true"::equalsIgnoreCase).isPresent()
                || value(entry, LOCKED_TIME)
                        .filter(LOCKED_BY_ADMINISTRATOR::equals)
                        .isPresent()
                || isDisabledByAttribute(entry);
    }

    private boolean isDisabledByAttribute(LdapEntry entry) {
        return attributes.disabled() != null
                && entry.values(attributes.disabled())
                        .anyMatch(value -> attributes.disabledValue() == null
                                || attributes.disabledValue().equalsIgnoreCase(value));
    }

    private static boolean isDisabledByControl(String bits) {
        try {
            return (Long.parseLong(bits) & ACCOUNT_DISABLED) != 0;
        } catch (NumberFormatException wrong) {
            return true;
        }
    }

    private List<String> roles(LdapOperations directory, String name, LdapEntry entry) {
        List<String> names = new ArrayList<>();
        if (groups.attribute() != null) {
            entry.values(groups.attribute())
                    .flatMap(value -> role(value).stream())
                    .forEach(names::add);
        }
        if (groups.filter() != null) {
            names.addAll(groupsOf(directory, name, entry, groups.filter()));
        }
        return roles.apply(names);
    }

    /** Of groups outside of the base nothing is known, such as who may make one. */
    private Optional<String> role(String value) {
        try {
            LdapName dn = new LdapName(value);
            return !groups.base().isBlank() && dn.startsWith(groupsRoot) && dn.size() > groupsRoot.size()
                    ? Optional.of(dn.getRdn(dn.size() - 1).getValue().toString())
                    : Optional.empty();
        } catch (InvalidNameException text) {
            return Optional.of(value);
        }
    }

    private List<String> groupsOf(LdapOperations directory, String name, LdapEntry entry, String template) {
        String filter = template.replace("{1}", LdapEncoder.filterEncode(name))
                .replace("{0}", LdapEncoder.filterEncode(entry.dn()));
        return LdapEntry.search(directory, groupsBase, filter, controls(MOST_GROUPS, groups.name())).stream()
                .flatMap(group -> group.values(groups.name()))
                .toList();
    }

    private SearchControls controls(int most, String... asked) {
        return new SearchControls(SearchControls.SUBTREE_SCOPE, most, timeout, asked, false, false);
    }

    /** Attributes of operation come only to those who ask for them by name (RFC 4511, section 4.5.1.8). */
    private String[] asked() {
        Stream<@Nullable String> named = Stream.of(
                attributes.name(),
                attributes.displayName(),
                attributes.email(),
                attributes.disabled(),
                attributes.version(),
                groups.attribute());
        return Stream.concat(named, Stream.of(CONTROL, LOCK, LOCKED_TIME, VERSIONS.get(0), VERSIONS.get(1)))
                .flatMap(Stream::ofNullable)
                .distinct()
                .toArray(String[]::new);
    }

    private static Optional<String> value(LdapEntry entry, String attribute) {
        return entry.values(attribute).findFirst();
    }
}
