package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.admin.ActorTokens.Entry;
import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.ReloadSource;
import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of operators' tokens: a line {@code name: sha256} for each, empty lines, and comments behind {@code #}. One
 * operator may have several, so that a token can be replaced while both work. No message quotes a line: it may hold a
 * token by mistake.
 */
final class TokensFile implements ReloadSource<ActorTokens> {

    private static final int MOST_TOKENS = 200;
    private static final int MOST_BYTES = 64 * 1024;
    private static final Pattern LINE = Pattern.compile("(\\s*)([^:#\\s]+)\\s*:(\\s*)([^#\\s]*)\\s*(?:#.*)?");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NOTHING = Pattern.compile("\\s*(?:#.*)?");

    private final String location;

    TokensFile(String location) {
        this.location = location;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public ReadResult<FileSnapshot> look() {
        return new FileLocation(location).look(MOST_BYTES, "latchkey.admin.tokens-file");
    }

    @Override
    public Parsed<ActorTokens> parse(FileSnapshot content, Optional<ActorTokens> before) {
        List<Fault> faults = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        String[] text = new String(content.files().get(0).bytes(), StandardCharsets.UTF_8).split("\\R", -1);
        for (int i = 0; i < text.length; i++) {
            if (!NOTHING.matcher(text[i]).matches()) {
                entry(text[i], i + 1, lines, faults).ifPresent(entries::add);
            }
        }
        if (entries.size() > MOST_TOKENS) {
            faults.add(new Fault(Position.start(location), "there are more than " + MOST_TOKENS + " tokens"));
        }
        if (!faults.isEmpty()) {
            throw unusable(faults);
        }
        ActorTokens tokens = new ActorTokens(entries);
        return new Parsed<>(tokens, tokens.size(), tokens.size() + " tokens of operators count", warnings(tokens));
    }

    private Optional<Entry> entry(String line, int number, Map<String, Integer> lines, List<Fault> faults) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            faults.add(at(
                    number,
                    1,
                    "a line is a name, ':' and the SHA-256 of a token;"
                            + " java -jar gateway.jar admin token makes one"));
            return Optional.empty();
        }
        String name = parts.group(2);
        String hash = parts.group(4);
        if (!Actor.isWellFormed(name)) {
            faults.add(at(number, 1 + parts.start(2), Actor.RULE));
            return Optional.empty();
        }
        if (!HASH.matcher(hash).matches()) {
            faults.add(at(
                    number,
                    1 + parts.start(4),
                    "behind the name stands the SHA-256 of the token, in 64"
                            + " hexadecimal digits of 0-9 and a-f, and never the token itself"));
            return Optional.empty();
        }
        Integer earlier = lines.putIfAbsent(hash, number);
        if (earlier != null) {
            faults.add(at(number, 1 + parts.start(4), "the same token is in line " + earlier));
            return Optional.empty();
        }
        return Optional.of(new Entry(new Actor(name), HexFormat.of().parseHex(hash)));
    }

    private List<Fault> warnings(ActorTokens tokens) {
        return tokens.size() > 0
                ? List.of()
                : List.of(new Fault(Position.start(location), "there are no tokens, so nobody can enter with one"));
    }

    private Fault at(int line, int column, String message) {
        return new Fault(new Position(location, line, column), message);
    }

    @Override
    public UnusableFileException unusable(List<Fault> faults) {
        return new UnusableFileException(
                "file of operators' tokens ",
                faults,
                "Correct the file, or set latchkey.admin.tokens-file to another one.");
    }
}
