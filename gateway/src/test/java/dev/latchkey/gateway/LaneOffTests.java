package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each story is told without the lane too, or there is a reason why not. */
final class LaneOffTests {

    private static final Path STORIES = Path.of("src", "test", "java", "dev", "latchkey", "gateway", "story");
    private static final Pattern INCLUDE = Pattern.compile("<include>\\*\\*/story/(\\w+)\\.java</include>");

    /** What a story is about instead of requests that the lane takes, or that it costs more time than it is worth. */
    private static final Map<String, List<String>> ABOUT = Map.of(
            "sign-in",
            List.of(
                    "AttemptLimitsIT",
                    "DeepLinkIT",
                    "NameLimitIT",
                    "ReturnPathIT",
                    "SessionForPagesIT",
                    "SignInIT",
                    "WithoutUsersFileIT"),
            "rotation",
            List.of(
                    "BrokenRecordIT",
                    "LdapStoreIT",
                    "MongoStoreIT",
                    "NeighbouringVersionsIT",
                    "PostgresStoreIT",
                    "ProtocolTracesIT",
                    "RotationRowsIT",
                    "DeviceBindingIT",
                    "DeviceBindingChromiumIT",
                    "DeviceRequiredIT",
                    "ThiefIT",
                    "UsersIT"),
            "Redis",
            List.of("LostRevocationIT", "RedisModesIT", "RedisRightsIT", "ReplicaOutageIT", "RestoredRedisIT"),
            "tokens",
            List.of("DpopIT", "DpopSettingsIT", "GarbageIT", "ShorterTokensIT", "SignatureThreadsIT", "SkewedClockIT"),
            "management",
            List.of("HealthIT", "ManagementHostIT", "MetersIT", "RoutesStatusIT"),
            "listener",
            List.of("ListenerIT", "SecureWebSocketIT"),
            "refusals",
            List.of("ProblemPagesIT"),
            "paths",
            List.of("MovedPathsIT"),
            "time",
            List.of("ClientAddressIT", "CrossSiteIT", "EntryOptionsIT", "KeyRollOverIT", "UserChangesIT"),
            "process",
            List.of("CheckCommandIT", "JarIT", "ReadmeIT", "StartIT", "StopIT"));

    private static List<String> included() throws IOException {
        return INCLUDE.matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    private static List<String> stories() throws IOException {
        try (Stream<Path> files = Files.list(STORIES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();
        }
    }

    private static boolean isAboutTheLane(String story) {
        try {
            return Files.readString(STORIES.resolve(story + ".java")).contains("\n@AboutTheLane\n");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void storiesWhenListedThenEachIsThereAndInOneListOnly() throws IOException {
        List<String> listed = new ArrayList<>(included());
        ABOUT.values().forEach(listed::addAll);

        assertThat(included()).isNotEmpty();
        assertThat(listed).doesNotHaveDuplicates().isSubsetOf(stories());
    }

    @Test
    void storiesWhenThereThenToldWithoutTheLaneOrListedWithAReason() throws IOException {
        List<String> left = new ArrayList<>(stories());
        left.removeAll(included());
        left.removeAll(ABOUT.values().stream().flatMap(Collection::stream).toList());
        left.removeIf(LaneOffTests::isAboutTheLane);

        assertThat(left)
                .as("stories for the profile lane-off of the pom, or for a reason here")
                .isEmpty();
    }
}
