package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.UserTable.UserEntry;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.StrictYaml;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads users from the file's text: all of them, or everything that is wrong with it. */
final class UsersReader {

    private static final String COUNT = "user-count";
    private static final int MOST = 1_000_000;
    private static final Set<String> FILE_KEYS = Set.of("users", COUNT);
    private static final Set<String> USER_KEYS =
            Set.of("name", "password", "roles", "disabled", "display-name", "email");
    private static final int LONGEST_ROLE = 100;
    private static final int LONGEST_LABEL = 255;

    private final String location;
    private final Predicate<User> budget;

    /** @param budget whether the tokens of a user with these roles fit a cookie */
    UsersReader(String location, Predicate<User> budget) {
        this.location = location;
        this.budget = budget;
    }

    /** The users, or everything that is wrong. */
    <R> R read(FileSnapshot content, Function<UserTable, R> good, Function<List<Fault>, R> bad) {
        Faults faults = new Faults();
        Map<String, UserEntry> users = new LinkedHashMap<>();
        byte[] bytes = content.files().get(0).bytes();
        Optional<FieldReader> root = StrictYaml.read(location, bytes, FILE_KEYS, "users", faults);
        boolean isConfirmed =
                root.filter(fields -> users(fields, faults, users)).isPresent();
        return faults.isEmpty()
                ? good.apply(UserTable.of(users.values(), isConfirmed, content.version()))
                : bad.apply(faults.sorted());
    }

    /** Whether the file confirms that the list is complete. */
    private boolean users(FieldReader root, Faults faults, Map<String, UserEntry> users) {
        Optional<YamlNode> value = root.require("users", "write a list of users");
        if (value.isPresent() && value.get() instanceof Items list) {
            list.values().forEach(item -> user(root, item, faults, users));
            return isConfirmed(root, list, faults);
        }
        value.ifPresent(other -> root.wrong(other, "users must be a list of users"));
        return false;
    }

    /**
     * Whether the file says how many users it has, which confirms that none are missing. A wrong count is a fault,
     * because one that was forgotten in the file would confirm any list.
     */
    private static boolean isConfirmed(FieldReader root, Items list, Faults faults) {
        Optional<YamlNode> written = root.find(COUNT);
        int count = list.values().size();
        written.flatMap(node -> root.number(COUNT, node, MOST))
                .filter(number -> number != count)
                .ifPresent(number -> root.wrong(
                        written.get(),
                        COUNT + " says " + number + ", and there are " + count
                                + "; write the number, or leave it out"));
        if (count == 0 && written.isEmpty() && faults.isEmpty()) {
            root.wrong(list, "there are no users; write " + COUNT + ": 0 where that is meant");
        }
        return written.isPresent();
    }

    private void user(FieldReader root, YamlNode node, Faults faults, Map<String, UserEntry> users) {
        if (node instanceof Fields written) {
            FieldReader fields = new FieldReader(written, "", "", USER_KEYS, faults);
            entry(fields).ifPresent(entry -> add(fields, entry, users));
        } else {
            root.wrong(node, "a user must be a mapping with name and password");
        }
    }

    private Optional<UserEntry> entry(FieldReader fields) {
        Optional<Subject> subject = fields.require("name", "write who signs in").flatMap(node -> subject(fields, node));
        Optional<PasswordHash> hash =
                fields.require("password", "write a hash; users hash makes one").flatMap(node -> hash(fields, node));
        Roles roles = fields.find("roles").map(node -> roles(fields, node)).orElse(Roles.NONE);
        boolean disabled = fields.find("disabled")
                .flatMap(node -> fields.flag("disabled", node))
                .orElse(false);
        if (subject.isEmpty() || hash.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> name = label(fields, "display-name");
        Optional<String> email = label(fields, "email");
        User user = new User(subject.get(), roles, hash.get().stamp(), name, email);
        return Optional.of(new UserEntry(user, hash.get(), disabled));
    }

    private void add(FieldReader fields, UserEntry entry, Map<String, UserEntry> users) {
        User user = entry.user();
        String name = user.subject().value();
        if (users.putIfAbsent(name, entry) != null) {
            fields.find("name").ifPresent(node -> fields.wrong(node, "the name " + name + " appears twice"));
        }
        if (!budget.test(user)) {
            fields.find("roles")
                    .or(() -> fields.find("name"))
                    .ifPresent(node -> fields.wrong(node, "the roles of " + name + " do not fit a cookie of 4 kB"));
        }
    }

    /** A text for people to read. */
    private static Optional<String> label(FieldReader fields, String key) {
        Optional<Scalar> written = fields.find(key).flatMap(node -> fields.text(key, node));
        Optional<String> text = written.map(scalar -> scalar.value().strip());
        return text.filter(value -> !isLabel(value)).isPresent()
                ? fields.wrong(
                        written.get(), key + " must have 1 to " + LONGEST_LABEL + " characters, no control characters")
                : text;
    }

    private static boolean isLabel(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_LABEL && text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<Subject> subject(FieldReader fields, YamlNode node) {
        Optional<Scalar> name = fields.text("name", node);
        Optional<String> normal = name.map(scalar -> NormalForm.ofName(scalar.value()));
        if (normal.filter(text -> !Subject.isLocalName(text)).isPresent()) {
            return fields.wrong(node, "name must have 1 to 255 characters, no control characters and no '|'");
        }
        return normal.map(Subject::new);
    }

    private static Optional<PasswordHash> hash(FieldReader fields, YamlNode node) {
        Optional<Scalar> stored = fields.text("password", node);
        try {
            return stored.map(scalar -> PasswordHash.parse(scalar.value()));
        } catch (IllegalArgumentException wrong) {
            return fields.wrong(node, "password " + wrong.getMessage());
        }
    }

    private static Roles roles(FieldReader fields, YamlNode node) {
        if (!(node instanceof Items items)) {
            fields.wrong(node, "roles must be a list");
            return Roles.NONE;
        }
        List<String> names = new ArrayList<>();
        for (YamlNode item : items.values()) {
            fields.text("a role", item).filter(role -> isRole(fields, role)).ifPresent(role -> names.add(role.value()));
        }
        return Roles.of(names);
    }

    private static boolean isRole(FieldReader fields, Scalar scalar) {
        String role = scalar.value();
        boolean usable = role.equals(role.strip())
                && role.length() <= LONGEST_ROLE
                && role.chars().noneMatch(Character::isISOControl);
        if (!usable) {
            fields.wrong(
                    scalar,
                    "a role must have 1 to " + LONGEST_ROLE
                            + " characters, no control characters and no space at its ends");
        }
        return usable;
    }
}
