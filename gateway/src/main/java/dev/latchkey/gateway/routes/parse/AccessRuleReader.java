package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessOptions;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.BindingRequirement;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.pipeline.authorization.RequiredSignIn;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads who may enter a route, and how that is carried out. */
final class AccessRuleReader {

    private static final Set<String> KEYS = Set.of(
            "access",
            "roles",
            "audience",
            "strict",
            "relay",
            "unauthenticated",
            "ambiguous-paths",
            "provider",
            "max-age",
            "acr-values",
            "device",
            "dpop");
    private static final Set<String> ROLES_KEYS = Set.of("any", "all");
    private static final Map<String, AccessLevel> ACCESS =
            Map.of("required", AccessLevel.REQUIRED, "optional", AccessLevel.OPTIONAL, "public", AccessLevel.PUBLIC);
    private static final Map<String, Relay> RELAY = Map.of(
            "identity", Relay.IDENTITY,
            "access-token", Relay.ACCESS_TOKEN,
            "headers", Relay.HEADERS,
            "none", Relay.NONE);
    private static final Map<String, Unauthenticated> UNAUTHENTICATED =
            Map.of("sign-in", Unauthenticated.SIGN_IN, "401", Unauthenticated.PROBLEM);
    private static final Map<String, Boolean> AMBIGUOUS_PATHS = Map.of("allow", true, "refuse", false);
    private static final Map<String, BindingRequirement> BINDING =
            Map.of("any", BindingRequirement.ANY, "required", BindingRequirement.REQUIRED);
    private static final List<String> OF_USERS = List.of(
            "roles",
            "audience",
            "strict",
            "relay",
            "unauthenticated",
            "provider",
            "max-age",
            "acr-values",
            "device",
            "dpop");

    private static final List<String> OF_SIGN_IN = List.of("unauthenticated", "provider", "max-age", "acr-values");
    private static final int MOST_ACR_VALUES = 5;
    private static final Pattern ACR_VALUE = Pattern.compile("[!-~]{1,100}");

    private static final List<String> OF_BACKENDS = List.of("audience", "relay");

    /** Nobody is led to sign in where browsers cannot enter. */
    private static final List<String> OF_BROWSERS = List.of("unauthenticated", "provider");

    private AccessRuleReader() {}

    /**
     * The rule, or nothing if faults were reported.
     *
     * @param id the audience of identity tokens where none is written
     * @param isAnswered whether the route has no backend that could learn who is calling
     */
    static Optional<AccessRule> read(FieldReader route, Optional<String> id, boolean isAnswered) {
        return route.require("entry", "write who may enter, at least entry.access")
                .flatMap(node -> route.fields("entry", node, KEYS))
                .flatMap(entry -> isAnswered ? withoutBackend(entry, id) : rule(entry, id));
    }

    private static Optional<AccessRule> withoutBackend(FieldReader entry, Optional<String> id) {
        OF_BACKENDS.forEach(key -> refuse(entry, key, "no backend is asked"));
        return rule(entry, id)
                .map(rule -> new AccessRule(
                        rule.access(),
                        rule.roles(),
                        rule.audience(),
                        rule.options().with(Relay.NONE)));
    }

    /** Finds faults in what routes inherit; the access level is never inherited. */
    static void checkDefaults(FieldReader defaults) {
        defaults.find("entry")
                .flatMap(node -> defaults.fields("entry", node, KEYS))
                .ifPresent(entry -> {
                    entry.find("access")
                            .ifPresent(access ->
                                    entry.wrong(access, "access is never inherited; write it on every route"));
                    roles(entry);
                    audience(entry);
                    options(entry);
                });
    }

    private static Optional<AccessRule> rule(FieldReader entry, Optional<String> id) {
        Optional<AccessLevel> access = entry.require("access", "write required, optional or public")
                .flatMap(value -> Choices.oneOf(entry, "access", value, ACCESS));
        Optional<RequiredRoles> roles = roles(entry);
        Optional<String> audience = audience(entry);
        AccessOptions options = options(entry);
        access.ifPresent(level -> refuseMeaningless(entry, level, options));
        if (access.equals(Optional.of(AccessLevel.PUBLIC))) {
            return Optional.of(open(options));
        }
        boolean isIssued = options.relay() == Relay.ACCESS_TOKEN && audience.isEmpty();
        return access.filter(level -> isIssued || audience.or(() -> id).isPresent())
                .map(level -> new AccessRule(
                        level,
                        roles.orElse(RequiredRoles.NONE),
                        isIssued ? Optional.empty() : audience.or(() -> id).map(Audience::new),
                        level == AccessLevel.OPTIONAL ? options.withAnySignIn() : options));
    }

    /** Inherited values may be meant for other routes; one that is written here is a mistake. */
    private static void refuseMeaningless(FieldReader entry, AccessLevel access, AccessOptions options) {
        if (access == AccessLevel.PUBLIC) {
            OF_USERS.forEach(key -> refuse(entry, key, "access is public"));
        } else if (access == AccessLevel.OPTIONAL) {
            OF_SIGN_IN.forEach(key -> refuse(entry, key, "access is optional"));
        } else if (options.isDpopRequired()) {
            OF_BROWSERS.forEach(key -> refuse(entry, key, "dpop is required"));
        }
        Relay relay = options.relay();
        if (access != AccessLevel.PUBLIC && (relay == Relay.HEADERS || relay == Relay.NONE)) {
            refuse(entry, "audience", "relay is neither identity nor access-token");
        }
    }

    private static void refuse(FieldReader entry, String name, String where) {
        entry.own(name).ifPresent(value -> entry.wrong(value, name + " has no meaning where " + where));
    }

    /** A public route has no caller. */
    private static AccessRule open(AccessOptions options) {
        return new AccessRule(
                AccessLevel.PUBLIC,
                RequiredRoles.NONE,
                Optional.empty(),
                new AccessOptions(false, Relay.NONE, Unauthenticated.PROBLEM, options.ambiguousPaths()));
    }

    private static Optional<String> audience(FieldReader entry) {
        return entry.find("audience")
                .flatMap(value -> entry.text("audience", value))
                .map(Scalar::value);
    }

    private static AccessOptions options(FieldReader entry) {
        AccessOptions usual = AccessOptions.DEFAULT;
        return new AccessOptions(
                entry.find("strict")
                        .flatMap(value -> entry.flag("strict", value))
                        .orElse(usual.strict()),
                Choices.wordOf(entry, "relay", RELAY).orElse(usual.relay()),
                Choices.wordOf(entry, "unauthenticated", UNAUTHENTICATED).orElse(usual.unauthenticated()),
                Choices.wordOf(entry, "ambiguous-paths", AMBIGUOUS_PATHS).orElse(usual.ambiguousPaths()),
                new RequiredSignIn(provider(entry), Quantities.duration(entry, "max-age"), acrValues(entry)),
                Choices.wordOf(entry, "device", BINDING).orElse(usual.device()),
                Choices.wordOf(entry, "dpop", BINDING).orElse(usual.dpop()));
    }

    private static Optional<ProviderName> provider(FieldReader entry) {
        return entry.find("provider")
                .flatMap(value -> entry.text("provider", value)
                        .map(Scalar::value)
                        .filter(ProviderName::isWellFormed)
                        .or(() -> entry.wrong(value, "provider must be a name below latchkey.providers")))
                .map(ProviderName::new);
    }

    private static List<String> acrValues(FieldReader entry) {
        return entry.find("acr-values")
                .flatMap(value -> entry.texts("acr-values", value)
                        .map(texts -> texts.stream().map(Scalar::value).toList())
                        .filter(texts -> areAcrValues(entry, value, texts)))
                .orElse(List.of());
    }

    private static boolean areAcrValues(FieldReader entry, YamlNode value, List<String> texts) {
        boolean areGood = texts.size() <= MOST_ACR_VALUES
                && texts.stream().allMatch(text -> ACR_VALUE.matcher(text).matches());
        if (!areGood) {
            entry.wrong(value, "acr-values must be up to 5 words without spaces");
        }
        return areGood;
    }

    /** A list of which one is enough, or {@code any} and {@code all} by name. */
    private static Optional<RequiredRoles> roles(FieldReader entry) {
        return entry.find("roles")
                .flatMap(value -> value instanceof Fields
                        ? entry.fields("roles", value, ROLES_KEYS).flatMap(fields -> named(fields, value))
                        : list(entry, "roles", value).map(RequiredRoles::anyOf));
    }

    private static Optional<RequiredRoles> named(FieldReader roles, YamlNode value) {
        Optional<Roles> any = roles.find("any").flatMap(node -> list(roles, "any", node));
        Optional<Roles> all = roles.find("all").flatMap(node -> list(roles, "all", node));
        boolean isThere = roles.find("any").isPresent() || roles.find("all").isPresent();
        return isThere
                ? Optional.of(new RequiredRoles(any.orElse(Roles.NONE), all.orElse(Roles.NONE)))
                : roles.wrong(value, "any or all must be there");
    }

    private static Optional<Roles> list(FieldReader reader, String name, YamlNode value) {
        return reader.texts(name, value)
                .map(names -> Roles.of(names.stream().map(Scalar::value).toList()));
    }
}
