package dev.latchkey.gateway.user.ldap;

import java.util.Map;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users kept in a directory, if {@code latchkey.users.source} is {@code ldap}. How it is reached is said by Spring's
 * {@code spring.ldap}.
 *
 * @param base Where users are, relative to {@code spring.ldap.base}
 * @param filter The filter of RFC 4515 that finds a user, with <code>{0}</code> for the name
 * @param attributes The attributes of a user
 * @param groups Where roles come from
 * @param roles The role here by the name of a group or role there; if it is empty, all count by their own names, else
 *     the others are left out
 * @param startTls Whether a connection by {@code ldap://} is encrypted by StartTLS before anything else is sent.
 *     Without it and without {@code ldaps://} only a directory on the same machine is asked
 * @param sslBundle The {@code spring.ssl.bundle} whose certificates count for StartTLS; those of the JVM if not set, as
 *     for {@code ldaps://}
 * @param threads How many questions and sign-ins go on at once, each on a connection of its own, 1 to 50
 */
@ConfigurationProperties("latchkey.users.ldap")
record LdapUserProperties(
        @DefaultValue("") String base,
        @DefaultValue("(uid={0})") String filter,
        @DefaultValue Attributes attributes,
        @DefaultValue Groups groups,
        @DefaultValue Map<String, String> roles,
        @DefaultValue("false") boolean startTls,
        @Nullable String sslBundle,
        @DefaultValue("10") int threads) {

    private static final String PREFIX = "latchkey.users.ldap.";
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,62}");

    LdapUserProperties {
        checkBase(base, "base");
        check(
                isFilter(filter) && filter.contains("{0}"),
                "filter must be a filter in parentheses with {0} for the name");
        check(sslBundle == null || startTls, "ssl-bundle needs " + PREFIX + "start-tls: true");
        check(threads >= 1 && threads <= 50, "threads must lie between 1 and 50");
    }

    private static boolean isFilter(String text) {
        return text.startsWith("(") && text.endsWith(")");
    }

    /** A search from anything else would fail at each sign-in. */
    private static void checkBase(String name, String property) {
        try {
            var unused = new LdapName(name);
        } catch (InvalidNameException malformed) {
            throw new IllegalArgumentException(PREFIX + property + " must be a distinguished name such as ou=people");
        }
    }

    private static void checkAttribute(@Nullable String name, String property) {
        check(name == null || ATTRIBUTE.matcher(name).matches(), property + " must be the name of an attribute");
    }

    private static void check(boolean isValid, String sentence) {
        if (!isValid) {
            throw new IllegalArgumentException(PREFIX + sentence);
        }
    }

    /**
     * The attributes of a user.
     *
     * @param name Attribute of the name with which a user signs in; of those that the filter finds only one that has
     *     the very same name is the user, upper and lower case included
     * @param displayName Attribute of the name for people to read
     * @param email Attribute of the e-mail address
     * @param disabled Attribute that says that a user may not sign in, besides <code>userAccountControl</code>, <code>
     *     nsAccountLock</code> and <code>pwdAccountLockedTime</code>, which always count
     * @param disabledValue The value of {@code disabled} that says so; any if not set
     * @param version Attribute that changes with the password; <code>pwdChangedTime</code> or <code>pwdLastSet</code>
     *     if not set
     */
    record Attributes(
            @DefaultValue("uid") String name,
            @DefaultValue("displayName") String displayName,
            @DefaultValue("mail") String email,
            @Nullable String disabled,
            @Nullable String disabledValue,
            @Nullable String version) {

        Attributes {
            checkAttribute(name, "attributes.name");
            checkAttribute(displayName, "attributes.display-name");
            checkAttribute(email, "attributes.email");
            checkAttribute(disabled, "attributes.disabled");
            checkAttribute(version, "attributes.version");
            check(disabledValue == null || disabled != null, "attributes.disabled-value needs attributes.disabled");
        }
    }

    /**
     * Where roles come from: groups that a search finds, an attribute of the user, or both.
     *
     * @param base Where groups are, relative to {@code spring.ldap.base}
     * @param filter The filter of RFC 4515 that finds the groups of a user: <code>{0}</code> is the DN and <code>{1}
     *     </code> the name; none are looked for if not set
     * @param name Attribute of a group that names the role
     * @param attribute Attribute of the user with roles; a value that is a DN, such as those of <code>memberOf</code>,
     *     counts only if it lies beneath {@code base}, which has to be set then, and by its first part
     */
    record Groups(
            @DefaultValue("") String base,
            @Nullable String filter,
            @DefaultValue("cn") String name,
            @Nullable String attribute) {

        Groups {
            checkBase(base, "groups.base");
            checkAttribute(name, "groups.name");
            checkAttribute(attribute, "groups.attribute");
            check(
                    filter == null || (isFilter(filter) && (filter.contains("{0}") || filter.contains("{1}"))),
                    "groups.filter must be a filter in parentheses with {0} for the DN or {1} for the name");
            check(
                    !base.isBlank() || !"memberOf".equalsIgnoreCase(attribute),
                    "groups.base must be set: groups elsewhere, which other people may make, give no roles");
        }
    }
}
