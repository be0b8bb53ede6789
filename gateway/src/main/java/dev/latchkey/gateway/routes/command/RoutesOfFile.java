package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.routes.check.AllowedUpstreams;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A routes file, or a folder of them, read without a gateway. */
public final class RoutesOfFile {

    private RoutesOfFile() {}

    /**
     * Whether a gateway with these settings would take the file. Blocks.
     *
     * @param location a path, or {@code classpath:} and a name
     * @param allowedUpstreams where routes may lead; none: anywhere
     * @param roles those that users have; empty where that is not known
     * @throws IllegalArgumentException with a sentence, where an allowed upstream cannot be one
     */
    public static FileReport check(String location, List<String> allowedUpstreams, Optional<Set<String>> roles) {
        ValidationContext surroundings = new ValidationContext(AllowedUpstreams.of(allowedUpstreams), () -> roles);
        return RoutesReader.read(location, surroundings)
                .fold(file -> new FileReport(file.routes().size(), List.of(), file.warnings()), FileReport::refused);
    }
}
