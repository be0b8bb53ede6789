package dev.latchkey.gateway.user;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads YAML 1.2 (JSON schema) as data and nothing else: tags, anchors, aliases, directives, deep nesting and a second
 * document are refused where they stand. No object is ever constructed from the text.
 */
final class StrictYaml {

    private static final int DEEPEST = 8;

    private final UsersFile file;
    private final LoadSettings settings = LoadSettings.builder()
            .setLabel("users")
            .setUseMarks(true)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();

    private StrictYaml(UsersFile file) {
        this.file = file;
    }

    /**
     * The one document of the file; empty where there is none.
     *
     * @throws UsersFileException at the first thing that is wrong
     */
    static Optional<Node> read(UsersFile file, String text) {
        try {
            return new StrictYaml(file).read(text);
        } catch (MarkedYamlEngineException wrong) {
            throw file.wrong(Position.of(wrong.getProblemMark()), "this is not YAML: " + wrong.getProblem());
        } catch (ReaderException wrong) {
            int until =
                    text.offsetByCodePoints(0, Math.min(wrong.getPosition(), text.codePointCount(0, text.length())));
            throw file.wrong(Position.after(text.substring(0, until)), "YAML does not allow this character");
        }
    }

    private Optional<Node> read(String text) {
        int depth = 0;
        int documents = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            refuse(depth > DEEPEST, event, "this is nested too deeply");
            if (event instanceof DocumentStartEvent start) {
                documents++;
                refuse(documents > 1, event, "a second document begins here; the file holds one");
                refuse(start.getSpecVersion().isPresent(), event, "YAML directives are not allowed");
            }
            refuseMoreThanData(event);
        }
        return new Compose(settings).composeString(text);
    }

    private void refuseMoreThanData(Event event) {
        refuse(event instanceof AliasEvent, event, "YAML aliases are not allowed; write the value out");
        refuse(tag(event).isPresent(), event, "YAML tags are not allowed");
        refuse(event instanceof NodeEvent node && node.getAnchor().isPresent(), event, "YAML anchors are not allowed");
    }

    private void refuse(boolean isWrong, Event event, String what) {
        if (isWrong) {
            throw file.wrong(Position.of(event.getStartMark()), what);
        }
    }

    private static Optional<String> tag(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag();
        }
        return event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
    }
}
