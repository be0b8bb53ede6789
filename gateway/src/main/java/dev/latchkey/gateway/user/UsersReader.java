package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.UserTable.UserEntry;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Faults;
import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.Position;
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
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Reads users from the file's text: all of them, or everything that is wrong with it. */
final class UsersReader {

    private static final String COUNT = "user-count";
    private static final int MOST = 1_000_000;
    private static final Set<String> FILE_KEYS = Set.of("users", COUNT);
    private static final Set<String> USER_KEYS = Set.of("name", "password", "roles", "disabled");
    private static final int LONGEST_ROLE = 100;

    private final String location;
    private final BiPredicate<Subject, Roles> budget;

    /** @param budget whether the tokens of a user with these roles fit a cookie */
    UsersReader(String location, BiPredicate<Subject, Roles> budget) {
        this.location = location;
        this.budget = budget;
    }

    /** The users, or everything that is wrong. */
    <R> R read(FileSnapshot content, Function<UserTable, R> good, Function<List<Fault>, R> bad) {
        Faults faults = new Faults();
        Map<String, UserEntry> users = new LinkedHashMap<>();
        Optional<FieldReader> root = root(content.files().get(0).bytes(), faults);
        root.ifPresent(fields -> users(fields, faults, users));
        boolean isConfirmed = root.filter(fields -> isConfirmed(fields, faults)).isPresent();
        return faults.isEmpty()
                ? good.apply(UserTable.of(users.values(), isConfirmed, content.version()))
                : bad.apply(faults.sorted());
    }

    private Optional<FieldReader> root(byte[] bytes, Faults faults) {
        Optional<YamlNode> root = StrictYaml.read(location, bytes, faults);
        if (root.isPresent() && root.get() instanceof Fields fields) {
            return Optional.of(new FieldReader(fields, "", "", FILE_KEYS, faults));
        }
        if (faults.isEmpty()) {
            Position position = root.map(YamlNode::position).orElse(Position.start(location));
            faults.add(position, "the file must hold users");
        }
        return Optional.empty();
    }

    private void users(FieldReader root, Faults faults, Map<String, UserEntry> users) {
        Optional<YamlNode> list = root.require("users", "write a list of users");
        if (list.isPresent() && list.get() instanceof Items items) {
            items.values().forEach(item -> user(root, item, faults, users));
        } else {
            list.ifPresent(value -> root.wrong(value, "users must be a list of users"));
        }
    }

    /**
     * Whether the file says how many users it has, which confirms that none are missing. A wrong count is a fault,
     * because one that was forgotten in the file would confirm any list.
     */
    private static boolean isConfirmed(FieldReader root, Faults faults) {
        Optional<YamlNode> written = root.find(COUNT);
        Optional<Items> list =
                root.find("users").filter(Items.class::isInstance).map(Items.class::cast);
        if (list.isEmpty()) {
            return false;
        }
        int count = list.get().values().size();
        written.flatMap(node -> root.number(COUNT, node, MOST))
                .filter(number -> number != count)
                .ifPresent(number -> root.wrong(
                        written.get(),
                        COUNT + " says " + number + ", and there are " + count
                                + "; write the number, or leave it out"));
        if (count == 0 && written.isEmpty() && faults.isEmpty()) {
            root.wrong(list.get(), "there are no users; write " + COUNT + ": 0 where that is meant");
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
        User user = new User(subject.get(), roles, hash.get().stamp());
        return Optional.of(new UserEntry(user, hash.get(), disabled));
    }

    private void add(FieldReader fields, UserEntry entry, Map<String, UserEntry> users) {
        User user = entry.user();
        String name = user.subject().value();
        if (users.putIfAbsent(name, entry) != null) {
            fields.find("name").ifPresent(node -> fields.wrong(node, "the name " + name + " appears twice"));
        }
        if (!budget.test(user.subject(), user.roles())) {
            fields.find("roles")
                    .or(() -> fields.find("name"))
                    .ifPresent(node -> fields.wrong(node, "the roles of " + name + " do not fit a cookie of 4 kB"));
        }
    }

    private static Optional<Subject> subject(FieldReader fields, YamlNode node) {
        Optional<Scalar> name = fields.text("name", node);
        try {
            return name.map(scalar -> new Subject(NormalForm.ofName(scalar.value())));
        } catch (IllegalArgumentException wrong) {
            return fields.wrong(node, "name must have 1 to 255 characters and no control characters");
        }
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
                    scalar, "a role must have 1 to 100 characters, no control characters and no space at its ends");
        }
        return usable;
    }
}
