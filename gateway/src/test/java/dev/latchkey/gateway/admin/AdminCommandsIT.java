package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.management.GatewayCommand;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A user complains; an operator finds the reason with one command. */
final class AdminCommandsIT {

    private static final Path TOKENS = OperatorClient.tokensFile();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.admin.tokens-file",
            TOKENS,
            "latchkey.admin.poll-interval",
            "100ms",
            "latchkey.audit.stream.enabled",
            true));

    @TempDir
    private static Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void keepToken() throws IOException {
        Files.writeString(folder.resolve("token"), OperatorClient.TOKEN + "\n");
    }

    private int run(String input, String... words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--url",
                WORLD.gateway().managementUrl(),
                "--token-file",
                folder.resolve("token").toString()));
        return alone(input, all.toArray(String[]::new));
    }

    private int alone(String input, String... words) {
        return GatewayCommand.run(
                        words,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .orElseThrow();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static String publicId(Browser browser) {
        return new SessionId(browser.session()).publicId().value();
    }

    /** One of 64 public ids begins so. */
    @Test
    void sessionWhenItsIdBeginsWithAHyphenThenItIsNoOption() {
        String id = "-" + "a".repeat(publicId(WORLD.signedIn("ada")).length() - 1);
        for (String command : List.of("show", "end")) {
            run("", "sessions", command, id);
            assertThat(err()).contains("404").doesNotContain("Unknown option");
        }
    }

    @Test
    void sessionsWhenListedShownAndEndedThenTheReasonIsThere() {
        Browser browser = WORLD.signedIn("ada");
        String id = publicId(browser);
        assertThat(run("", "sessions", "list", "ada")).isZero();
        assertThat(out()).startsWith("SESSION").containsPattern(id + " +active +- +\\S.* +127\\.0\\.0\\.1 +20");
        assertThat(run("", "sessions", "end", id)).isZero();
        assertThat(out()).containsPattern("reason +ended-by-operator");
        browser.awaitRefused();
        assertThat(run("", "sessions", "show", id, "--json")).isZero();
        assertThat(JsonMapper.shared().readTree(out()).path("state").asString()).isEqualTo("ended");
        assertThat(run("", "sessions", "list", "ada")).isZero();
        assertThat(out()).containsPattern(id + " +ended +ended-by-operator");
    }

    @Test
    void sessionsWhenAllOfAUserAreEndedThenOnlyTheirs() {
        Browser ada = WORLD.signedIn("ada");
        Browser bob = WORLD.signedIn("bob");
        assertThat(run("", "sessions", "end", "--user", "ada")).isZero();
        assertThat(out()).contains("ended 1 sessions", publicId(ada));
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(bob.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(run("", "denylist", "show")).isZero();
        assertThat(out()).containsPattern("user +ada").containsPattern("session +" + publicId(ada) + ".* all");
    }

    @Test
    void explainWhenATokenComesByInputThenOneCommandSaysWhy() {
        Browser browser = WORLD.signedIn("ada");
        String token = browser.jar().getOrDefault("latchkey-access", "");
        assertThat(run(token + "\n", "explain")).isZero();
        assertThat(out()).startsWith("not denied: accepted").doesNotContain(token);
        String id = publicId(browser);
        browser.post("/auth/sign-out");
        assertThat(run(token, "explain")).isZero();
        assertThat(out())
                .startsWith("denied: session-ended (signed-out), since 20")
                .doesNotContain(token);
        assertThat(run("", "explain", "--session", id)).isZero();
        assertThat(out()).startsWith("denied: session-ended (signed-out)");
        assertThat(run("", "explain", "--user", "ada")).isZero();
        assertThat(out()).startsWith("not denied: accepted");
    }

    /** Operators have made access tokens live shorter, and this one is from before. */
    @Test
    void explainWhenATokenIsOlderThanTokensMayBeThenSaysSo() {
        String token;
        try (Gateway before = WORLD.startFreshNode(Map.of("latchkey.token.access-ttl", "1h"))) {
            Browser browser = new Browser(before.url());
            assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
            token = browser.jar().getOrDefault("latchkey-access", "");
        }
        assertThat(run(token, "explain")).isZero();
        assertThat(out()).startsWith("not denied: accepted");
        WORLD.expireAccessToken();
        assertThat(run(token, "explain")).isZero();
        assertThat(out()).startsWith("denied: too-old, since 20").doesNotContain(token);
    }

    @Test
    void eventsWhenASessionWasEndedThenOneCommandSaysWhy() {
        Browser browser = WORLD.signedIn("ada");
        String id = publicId(browser);
        assertThat(run("", "sessions", "end", id)).isZero();
        await().until(() -> run("", "events", "list", "--session", id) == 0
                && out().contains("session-revoked")
                && out().contains("end-session"));
        assertThat(out())
                .startsWith("TIME")
                .containsPattern("session-revoked +ada +" + id + " +ended-by-operator")
                .containsPattern("admin-action +ada +" + id + " +- +actor=ada action=end-session outcome=success")
                .containsPattern("signed-in +ada +" + id + " +- +address=127.0.0.1");
        assertThat(run("", "events", "list", "--user", "ada", "--limit", "1")).isZero();
        assertThat(out()).containsPattern("more: --before \\d+-\\d+");
        assertThat(run("", "events", "list", "--user", "ada", "--json")).isZero();
        assertThat(JsonMapper.shared().readTree(out()).path("events").isArray()).isTrue();
        assertThat(run("", "events", "list", "--session", "x")).isEqualTo(1);
        assertThat(err()).contains("(400: The parameter session must be");
    }

    @Test
    void eraseWhenItIsMeantThenSaysWhatStays() {
        WORLD.signedIn("bob");
        assertThat(run("", "users", "erase", "bob")).isEqualTo(2);
        assertThat(err()).contains("--yes");
        assertThat(run("", "users", "erase", "bob", "--yes")).isZero();
        assertThat(out()).contains("the name in the denylist");
    }

    @Test
    void listWhenTheRecordHoldsControlCharactersThenTheTerminalGetsNone() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.change(browser, "agent", "\u001b]0;owned\u0007\u009b2J\u202eevil\nactive");
        for (String[] words : new String[][] {
            {"sessions", "list", "ada"},
            {"sessions", "show", publicId(browser)},
            {"sessions", "list", "ada", "--json"}
        }) {
            assertThat(run("", words)).isZero();
            assertThat(out().replace("\n", ""))
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}]")
                    .contains("owned");
            assertThat(out().lines().filter(line -> line.startsWith("active"))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessions end",
                "sessions end x --user ada",
                "sessions end --provider corp",
                "sessions list",
                "sessions nothing",
                "explain --user a --session b",
                "denylist show --limit many"
            })
    void commandWhenCalledWronglyThenTwo(String words) {
        assertThat(run("", words.split(" "))).isEqualTo(2);
        assertThat(err()).isNotBlank().doesNotContain("Exception");
    }

    @Test
    void commandWhenThereIsNoTokenThenTwoAndAWrongOneThenOne() throws IOException {
        assertThat(alone("", "sessions", "list", "ada")).isEqualTo(2);
        assertThat(err()).contains("LATCHKEY_ADMIN_TOKEN");
        Files.writeString(folder.resolve("token"), "latchkey-wrong-wrong-wrong-wrong-wrong-wrong");
        assertThat(run("", "sessions", "list", "ada")).isEqualTo(1);
        assertThat(err()).contains("does not accept this token").doesNotContain("wrong-wrong");
    }

    /** To the machine itself, but by an address that does not say so. */
    @Test
    void commandWhenTheTokenWouldTravelReadableThenTwoUnlessThatIsMeant() {
        String[] words = {
            "denylist",
            "show",
            "--token-file",
            folder.resolve("token").toString(),
            "--url",
            WORLD.gateway().managementUrl().replace("127.0.0.1", "0.0.0.0")
        };
        assertThat(alone("", words)).isEqualTo(2);
        assertThat(err()).contains("--plain-http").doesNotContain(OperatorClient.TOKEN);
        assertThat(WORLD.audit()).isEmpty();
        List<String> meant = new ArrayList<>(List.of(words));
        meant.add("--plain-http");
        assertThat(alone("", meant.toArray(String[]::new))).isZero();
        words[words.length - 1] = WORLD.gateway().managementUrl().replace("127.0.0.1", "localhost");
        assertThat(alone("", words)).isZero();
    }

    @Test
    void commandWhenNobodyAnswersThenOne() {
        assertThat(alone(
                        "",
                        "sessions",
                        "list",
                        "ada",
                        "--token-file",
                        folder.resolve("token").toString(),
                        "--url",
                        "http://127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err()).contains("does not answer");
        assertThat(run("", "sessions", "show", "AAAAAAAAAAAAAAAAAAAAAA")).isEqualTo(1);
        assertThat(err()).contains("there is no such session");
    }

    @Test
    void tokenWhenMadeAndItsLineAddedThenItWorksAndWithoutItNoMore() throws IOException {
        Path file = folder.resolve("eve");
        assertThat(alone("", "admin", "token", "--name", "eve", "--token-file", file.toString()))
                .isZero();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(file).strip()).matches("latchkey-admin-[A-Za-z0-9_-]{43}");
        String before = Files.readString(TOKENS);
        OperatorClient eve = new OperatorClient(
                WORLD.gateway().managementUrl(), Files.readString(file).strip());
        assertThat(eve.get("/admin/api/denylist").statusCode()).isEqualTo(401);
        Files.writeString(TOKENS, before + out());
        await().until(() -> eve.get("/admin/api/sessions?user=ada").statusCode() == 200);
        assertThat(WORLD.audit().toString()).contains("name=actor, value=eve");
        Files.writeString(TOKENS, before);
        await().until(() -> eve.get("/admin/api/denylist").statusCode() != 200);
        WORLD.clock().advance(RefusalCounter.WINDOW.plusSeconds(1));
    }
}
