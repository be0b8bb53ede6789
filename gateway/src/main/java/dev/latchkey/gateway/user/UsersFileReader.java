package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the users file as data: anything unknown, doubled or of another type is an error with its line and column. */
final class UsersFileReader {

    /** A browser keeps 4096 bytes a cookie; name, attributes and the token's fixed claims take their share. */
    private static final int LARGEST_CLAIMS = 2_300;

    private final String file;

    UsersFileReader(String file) {
        this.file = file;
    }

    /**
     * The users by name.
     *
     * @throws UsersFileException for the first error
     */
    Map<Subject, UserEntry> read(String text) {
        Map<String, Node> root = fields(document(text), Set.of("users"));
        Map<Subject, UserEntry> users = new HashMap<>();
        for (Node item : items(required(root, "users", "the file needs a list 'users'"))) {
            UserEntry entry = entry(item);
            if (users.put(entry.name(), entry) != null) {
                throw at(
                        item, "there are two users of the name '" + entry.name().value() + "'");
            }
        }
        return Map.copyOf(users);
    }

    private Node document(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(1)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.orElseThrow(() -> new UsersFileException(file + ":1:1: the file is empty"));
        } catch (MarkedYamlEngineException failure) {
            String place = failure.getProblemMark()
                    .map(mark -> (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("1:1");
            throw new UsersFileException(file + ":" + place + ": this is not valid YAML: " + failure.getProblem());
        } catch (YamlEngineException failure) {
            throw new UsersFileException(file + ":1:1: this is not valid YAML");
        }
    }

    private UserEntry entry(Node node) {
        Map<String, Node> fields = fields(node, Set.of("name", "password", "roles", "disabled"));
        Subject name = name(required(fields, "name", node, "a user needs a 'name'"));
        PasswordHash password = password(required(fields, "password", node, "a user needs a 'password'"));
        Roles roles = fields.containsKey("roles") ? roles(fields.get("roles"), name) : Roles.NONE;
        return new UserEntry(name, password, roles, fields.containsKey("disabled") && flag(fields.get("disabled")));
    }

    private Subject name(Node node) {
        try {
            return new Subject(text(node));
        } catch (IllegalArgumentException unfit) {
            throw at(node, "a name has 1 to 255 characters and no control characters");
        }
    }

    private PasswordHash password(Node node) {
        return PasswordHash.parse(text(node))
                .orElseThrow(() -> at(
                        node,
                        "a password is a {bcrypt} or {argon2} hash; 'java -jar gateway.jar users hash' makes one"));
    }

    private Roles roles(Node node, Subject name) {
        List<String> roles = new ArrayList<>();
        for (Node role : items(node)) {
            roles.add(text(role));
        }
        int size = roles.stream().mapToInt(it -> it.length() + 3).sum()
                + name.value().length();
        if (size > LARGEST_CLAIMS) {
            throw at(node, "the roles of '" + name.value() + "' do not fit a cookie of 4 kB");
        }
        return Roles.of(roles);
    }

    private Map<String, Node> fields(Node node, Set<String> known) {
        if (!(plain(node) instanceof MappingNode mapping)) {
            throw at(
                    node,
                    "fields are expected here: "
                            + String.join(", ", known.stream().sorted().toList()));
        }
        Map<String, Node> fields = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode());
            if (!known.contains(key)) {
                throw at(tuple.getKeyNode(), "'" + key + "' is not known here");
            }
            if (fields.put(key, tuple.getValueNode()) != null) {
                throw at(tuple.getKeyNode(), "'" + key + "' stands here twice");
            }
        }
        return fields;
    }

    private List<Node> items(Node node) {
        if (plain(node) instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw at(node, "a list is expected here");
    }

    private String text(Node node) {
        if (plain(node) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
            return scalar.getValue();
        }
        throw at(node, "a text is expected here");
    }

    private boolean flag(Node node) {
        if (plain(node) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        throw at(node, "true or false is expected here");
    }

    /** Refuses what is more than data. */
    private Node plain(Node node) {
        Set<Tag> data = new HashSet<>(List.of(Tag.STR, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.NULL, Tag.MAP, Tag.SEQ));
        if (node.getAnchor().isPresent() || !data.contains(node.getTag())) {
            throw at(node, "anchors, aliases and tags are not allowed");
        }
        return node;
    }

    private Node required(Map<String, Node> fields, String key, String message) {
        return Optional.ofNullable(fields.get(key))
                .orElseThrow(() -> new UsersFileException(file + ":1:1: " + message));
    }

    private Node required(Map<String, Node> fields, String key, Node around, String message) {
        return Optional.ofNullable(fields.get(key)).orElseThrow(() -> at(around, message));
    }

    private UsersFileException at(Node node, String message) {
        String place = node.getStartMark()
                .map(mark -> (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                .orElse("1:1");
        return new UsersFileException(file + ":" + place + ": " + message);
    }
}
