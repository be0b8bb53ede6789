package dev.latchkey.gateway.routes.source;

import dev.latchkey.gateway.reload.DurableFile;
import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last good routes files, kept for a start with bad ones. It holds their texts, which are checked again. Blocks.
 */
public final class LastGoodRoutes {

    private static final String NAME = "last-good-routes.json";

    /** JSON may take six bytes for one. */
    private static final int MOST_BYTES = 6 * RoutesSource.MOST_BYTES + (1 << 20);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final String location;

    /** @param location where these files were read; a copy of files of another place is not used */
    public LastGoodRoutes(Path folder, String location) {
        this.folder = folder;
        this.location = location;
    }

    /** Replaces the copy by these files, which must be good. */
    public void save(FileSnapshot content) throws IOException {
        List<Text> files = content.files().stream()
                .map(file -> new Text(file.name(), new String(file.bytes(), StandardCharsets.UTF_8)))
                .toList();
        DurableFile.write(folder, NAME, JSON.writeValueAsBytes(new Kept(location, content.version(), files)));
    }

    /** The copy; empty if there is none, or it is damaged or of another place. */
    public Optional<FileSnapshot> load() {
        try {
            return Optional.ofNullable(JSON.readValue(FileLocation.read(file(), MOST_BYTES), Kept.class))
                    .flatMap(this::content);
        } catch (IOException | JacksonException unusable) {
            return Optional.empty();
        }
    }

    public Path file() {
        return folder.resolve(NAME);
    }

    private Optional<FileSnapshot> content(Kept kept) {
        FileSnapshot content = new FileSnapshot(kept.files().stream()
                .map(file -> new SourceFile(file.name(), file.text().getBytes(StandardCharsets.UTF_8)))
                .toList());
        return Optional.of(content)
                .filter(same ->
                        kept.location().equals(location) && same.version().equals(kept.version()));
    }

    private record Kept(String location, String version, List<Text> files) {

        /** The file may hold anything. */
        Kept {
            Objects.requireNonNull(location);
            Objects.requireNonNull(version);
            files = List.copyOf(files);
        }
    }

    private record Text(String name, String text) {

        Text {
            Objects.requireNonNull(name);
            Objects.requireNonNull(text);
        }
    }
}
