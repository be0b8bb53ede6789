package dev.latchkey.gateway.yaml;

import dev.latchkey.gateway.yaml.YamlNode.Field;
import dev.latchkey.gateway.yaml.YamlNode.Fields;
import dev.latchkey.gateway.yaml.YamlNode.Items;
import dev.latchkey.gateway.yaml.YamlNode.Refused;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Reads YAML 1.2 (JSON schema) as data and nothing else. It follows the parser's events and constructs no objects.
 * Tags, anchors, aliases, directives, a second document and anything that looks like an expression are rejected, each
 * with its position.
 */
public final class StrictYaml {

    private static final int DEEPEST = 8;
    private static final int MOST_VALUES = 1_000_000;
    private static final Pattern BEYOND_INT = Pattern.compile("\\\\U[89A-Fa-f][0-9A-Fa-f]{7}");

    private final Faults faults;
    private final ScalarResolver resolver = new JsonSchema().getScalarResolver();
    private final Iterator<Event> events;

    private int values;

    private StrictYaml(String file, String text, Faults faults) {
        this.faults = faults;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setVersionFunction(version -> version)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * The fields of a document; nothing if it has none. Everything that is wrong is added to the faults.
     *
     * @param file how the file is called in messages
     * @param bytes all of it, in UTF-8; the last line must end with a line break
     * @param keys the names that its fields may have
     * @param content what the file must hold, for messages
     */
    public static Optional<FieldReader> read(
            String file, byte[] bytes, Set<String> keys, String content, Faults faults) {
        int before = faults.count();
        Optional<YamlNode> root = document(file, bytes, faults);
        if (root.isPresent() && root.get() instanceof Fields fields) {
            return Optional.of(new FieldReader(fields, "", "", keys, faults));
        }
        if (faults.count() == before) {
            faults.add(root.map(YamlNode::position).orElse(Position.start(file)), "the file must hold " + content);
        }
        return Optional.empty();
    }

    private static Optional<YamlNode> document(String file, byte[] bytes, Faults faults) {
        return decode(file, bytes, faults)
                .filter(text -> isWhole(file, text, faults))
                .flatMap(text -> parse(file, text, faults));
    }

    private static Optional<String> decode(String file, byte[] bytes, Faults faults) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            faults.add(Position.at(file, text, text.length()), "the file is not UTF-8");
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) {
            faults.add(Position.start(file), "the file begins with a byte order mark; save it without");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** A file that was cut short may still be a good file, with fewer entries or half of a rule. */
    private static boolean isWhole(String file, String text, Faults faults) {
        boolean isWhole = text.isEmpty() || text.endsWith("\n");
        if (!isWhole) {
            faults.add(
                    Position.at(file, text, text.length()),
                    "the last line must end with a line break; the file may be cut short");
        }
        return isWhole;
    }

    private static Optional<YamlNode> parse(String file, String text, Faults faults) {
        try {
            return new StrictYaml(file, text, faults).document();
        } catch (MarkedYamlEngineException e) {
            Position position = e.getProblemMark().map(StrictYaml::position).orElse(Position.start(file));
            faults.add(position, "this is not YAML: " + e.getProblem());
        } catch (TooMuch e) {
            faults.add(e.position, e.sentence);
        } catch (NumberFormatException unchecked) {
            faults.add(beyondUnicode(file, text), "this is not YAML: there is no such character");
        } catch (ReaderException e) {
            int index = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
            faults.add(Position.at(file, text, index), "there is a character that YAML does not allow");
        }
        return Optional.empty();
    }

    /** The parser reads eight hexadecimal digits as an {@code int}, which the highest half of them is not. */
    private static Position beyondUnicode(String file, String text) {
        Matcher escape = BEYOND_INT.matcher(text);
        return escape.find() ? Position.at(file, text, escape.start()) : Position.start(file);
    }

    private Optional<YamlNode> document() {
        Optional<YamlNode> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent start) {
                refuseDirectives(start);
            }
            if (event instanceof NodeEvent && root.isEmpty()) {
                root = Optional.of(node(event, 0));
            } else if (event instanceof NodeEvent) {
                faults.add(position(event), "a second document begins here; the file holds one");
                return root;
            }
        }
        return root;
    }

    private void refuseDirectives(DocumentStartEvent start) {
        boolean hasOwnTags =
                start.getTags().values().stream().anyMatch(tag -> !tag.startsWith(Tag.PREFIX) && !tag.equals("!"));
        if (start.getSpecVersion().isPresent() || hasOwnTags) {
            faults.add(position(start), "YAML directives are not allowed");
        }
    }

    private YamlNode node(Event event, int depth) {
        boolean allowed = isPlainData(event);
        if (depth > DEEPEST) {
            throw new TooMuch(position(event), "this is nested too deeply");
        }
        if (++values > MOST_VALUES) {
            throw new TooMuch(position(event), "the file holds more than " + MOST_VALUES + " values");
        }
        if (!allowed) {
            skip(event);
            return new Refused(position(event));
        }
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar);
        }
        return event.getEventId() == Event.ID.MappingStart ? fields(event, depth) : items(event, depth);
    }

    private boolean isPlainData(Event event) {
        int before = faults.count();
        if (event instanceof AliasEvent) {
            faults.add(position(event), "YAML aliases are not allowed; write the value out");
        } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            faults.add(position(event), "YAML anchors are not allowed");
        }
        if (tag(event).isPresent()) {
            faults.add(position(event), "YAML tags are not allowed");
        }
        return faults.count() == before;
    }

    private static Optional<String> tag(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag();
        }
        return event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
    }

    private YamlNode scalar(ScalarEvent event) {
        String value = event.getValue();
        if (value.contains("${") || value.contains("#{")) {
            faults.add(position(event), "'${' and '#{' are not allowed: the file is data, nothing in it is evaluated");
            return new Refused(position(event));
        }
        boolean isText = !event.isPlain() || resolver.resolve(value, true).equals(Tag.STR);
        return new Scalar(position(event), value, isText);
    }

    private YamlNode items(Event start, int depth) {
        List<YamlNode> values = new ArrayList<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
            values.add(node(next, depth + 1));
        }
        return new Items(position(start), List.copyOf(values));
    }

    private YamlNode fields(Event start, int depth) {
        List<Field> entries = new ArrayList<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
            YamlNode key = node(next, depth + 1);
            YamlNode value = node(events.next(), depth + 1);
            if (key instanceof Scalar name) {
                entries.add(new Field(name.position(), name.value(), value));
            } else if (!(key instanceof Refused)) {
                faults.add(key.position(), "a key must be text");
            }
        }
        return new Fields(position(start), List.copyOf(entries));
    }

    /** Skips everything inside, however deep, without recursion. */
    private void skip(Event event) {
        int open = event instanceof CollectionStartEvent ? 1 : 0;
        while (open > 0) {
            Event.ID id = events.next().getEventId();
            if (id == Event.ID.MappingStart || id == Event.ID.SequenceStart) {
                open++;
            } else if (id == Event.ID.MappingEnd || id == Event.ID.SequenceEnd) {
                open--;
            }
        }
    }

    private static Position position(Event event) {
        return position(event.getStartMark().orElseThrow());
    }

    private static Position position(Mark mark) {
        return new Position(mark.getName(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Ends the reading at once, because endless input would take endless time and memory. */
    private static final class TooMuch extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Position position;
        private final String sentence;

        TooMuch(Position position, String sentence) {
            this.position = position;
            this.sentence = sentence;
        }
    }
}
