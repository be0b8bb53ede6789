package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Makes users of the file's text: all of them, or none and a sentence that names the place of what is wrong. */
final class UsersReader {

    private static final Set<String> FILE_KEYS = Set.of("users");
    private static final Set<String> USER_KEYS = Set.of("name", "password", "roles", "disabled");
    private static final int LONGEST_ROLE = 100;

    private final UsersFile file;
    private final BiPredicate<Subject, Roles> budget;

    /** @param budget whether the tokens of a user with these roles fit a cookie */
    UsersReader(UsersFile file, BiPredicate<Subject, Roles> budget) {
        this.file = file;
        this.budget = budget;
    }

    /** @throws UsersFileException at the first thing that is wrong */
    UserTable read(byte[] bytes) {
        Node root = StrictYaml.read(file, file.decode(bytes))
                .orElseThrow(() -> file.wrong(Position.START, "the file is empty; it must have the key users"));
        Map<String, Node> fields = fields(root, FILE_KEYS, "the file");
        Map<String, UserEntry> users = new LinkedHashMap<>();
        for (Node node : items(required(root, fields, "users", "the file"), "users")) {
            UserEntry entry = user(node, users.keySet());
            users.put(entry.user().subject().value(), entry);
        }
        return UserTable.of(users.values());
    }

    private UserEntry user(Node node, Set<String> names) {
        Map<String, Node> fields = fields(node, USER_KEYS, "a user");
        Node name = required(node, fields, "name", "a user");
        Node password = required(node, fields, "password", "a user");
        Subject subject = subject(name);
        require(!names.contains(subject.value()), name, "the name " + subject.value() + " is there twice");
        PasswordHash hash = hash(password);
        Roles roles = fields.containsKey("roles") ? roles(fields.get("roles")) : Roles.NONE;
        require(
                budget.test(subject, roles),
                fields.getOrDefault("roles", name),
                "the roles of " + subject.value() + " do not fit a cookie of 4 kB");
        boolean disabled = fields.containsKey("disabled") && flag(fields.get("disabled"));
        return new UserEntry(new User(subject, roles, hash.stamp()), hash, disabled);
    }

    private Subject subject(Node node) {
        String name = text(node, "name");
        try {
            return new Subject(name);
        } catch (IllegalArgumentException wrong) {
            throw wrong(node, "name must have 1 to 255 characters and no control characters");
        }
    }

    private PasswordHash hash(Node node) {
        String stored = text(node, "password");
        try {
            return PasswordHash.parse(stored);
        } catch (IllegalArgumentException wrong) {
            throw wrong(node, "password " + wrong.getMessage());
        }
    }

    private Roles roles(Node node) {
        return Roles.of(items(node, "roles").stream().map(this::role).toList());
    }

    private String role(Node node) {
        String role = text(node, "a role");
        boolean usable = !role.isBlank()
                && role.equals(role.strip())
                && role.length() <= LONGEST_ROLE
                && role.chars().noneMatch(Character::isISOControl);
        require(usable, node, "a role must have 1 to 100 characters, no control characters and no space at its ends");
        return role;
    }

    private Map<String, Node> fields(Node node, Set<String> known, String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, what + " must have keys and values");
        }
        Map<String, Node> fields = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            String name = text(key, "a key");
            require(known.contains(name), key, "unknown key " + printable(name));
            require(fields.put(name, tuple.getValueNode()) == null, key, "the key " + name + " is there twice");
        }
        return fields;
    }

    private Node required(Node owner, Map<String, Node> fields, String key, String what) {
        Node value = fields.get(key);
        if (value == null) {
            throw wrong(owner, what + " must have the key " + key);
        }
        return value;
    }

    private List<Node> items(Node node, String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong(node, what + " must be a list");
        }
        return sequence.getValue();
    }

    private String text(Node node, String what) {
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
            throw wrong(node, what + " must be text; quotes make it text");
        }
        return scalar.getValue();
    }

    private boolean flag(Node node) {
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.BOOL)) {
            throw wrong(node, "disabled must be true or false");
        }
        return Boolean.parseBoolean(scalar.getValue());
    }

    private void require(boolean condition, Node node, String otherwise) {
        if (!condition) {
            throw wrong(node, otherwise);
        }
    }

    private UsersFileException wrong(Node node, String what) {
        return file.wrong(Position.of(node.getStartMark()), what);
    }

    /** A hash in the place of a key is shown no more than anywhere else. */
    private static String printable(String key) {
        return key.matches("[A-Za-z0-9_-]{1,30}") ? key : "(not shown)";
    }
}
