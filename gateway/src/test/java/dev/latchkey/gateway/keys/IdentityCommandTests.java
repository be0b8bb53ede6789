package dev.latchkey.gateway.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.management.GatewayCommand;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoders;
import org.springframework.security.oauth2.jwt.JwtException;

/** A backend's developer needs no gateway, and gets no token that a gateway's backends accept. */
@Timeout(60)
final class IdentityCommandTests {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path parent;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void springWhenItKnowsTheIssuerAloneThenVerifiesServedAndMintedTokens() throws Exception {
        Path folder = parent.resolve("development");
        try (Serving server = new Serving("--keys", folder.toString())) {
            JwtDecoder backend = JwtDecoders.fromIssuerLocation(server.told("issuer"));

            Jwt served = backend.decode(server.get(server.told("tokens").replace("customer", "customer,admin")
                            + "&name=Ada%20L&email=ada@shop.example&ttl=8h")
                    .body()
                    .strip());
            assertThat(served.getSubject()).isEqualTo("ada");
            assertThat(served.getAudience()).containsExactly("orders");
            assertThat(served.getClaimAsStringList("roles")).containsExactly("admin", "customer");
            assertThat(served.getClaimAsString("name")).isEqualTo("Ada L");
            assertThat(served.getClaimAsString("email")).isEqualTo("ada@shop.example");
            assertThat(served.getClaimAsString("sid")).isNotBlank();
            assertThat(Duration.between(served.getIssuedAt(), served.getExpiresAt()))
                    .isEqualTo(Duration.ofHours(8));

            assertThat(mint(folder, "--issuer", server.told("issuer"), "--email", "a@b.example"))
                    .isZero();
            Jwt minted = backend.decode(out.toString(UTF_8).strip());
            assertThat(minted.getClaimAsStringList("roles")).isEmpty();
            assertThat(minted.hasClaim("name")).isFalse();
            assertThat(minted.getClaimAsString("email")).isEqualTo("a@b.example");
            assertThat(Duration.between(minted.getIssuedAt(), minted.getExpiresAt()))
                    .isEqualTo(Duration.ofMinutes(6));

            out.reset();
            assertThat(mint(parent.resolve("of-another"), "--issuer", server.told("issuer")))
                    .isZero();
            assertThatThrownBy(() -> backend.decode(out.toString(UTF_8).strip()))
                    .isInstanceOf(JwtException.class);
        }
    }

    @Test
    void serveWhenAskedThenLikeAGatewayOrASentence() throws Exception {
        try (Serving server = new Serving("--issuer", "http://localhost:1/id")) {
            HttpResponse<String> metadata = server.get(server.told("discovery"));
            assertThat(metadata.headers().firstValue("ETag")).isPresent();
            assertThat(metadata.body())
                    .contains("\"issuer\":\"http://localhost:1/id\"")
                    .contains("\"jwks_uri\":\"http://localhost:1/id/.well-known/jwks.json\"");
            assertThat(server.get(server.told("keys")).body())
                    .contains("\"crv\":\"P-256\"")
                    .doesNotContain("\"d\"");
            String mint = server.told("tokens").replaceFirst("\\?.*", "");
            assertThat(refused(server, mint + "?subject=ada")).isEqualTo("the parameter 'audience' is missing\n");
            assertThat(refused(server, mint + "?subject=&audience=orders"))
                    .isEqualTo("the parameter 'subject' is missing\n");
            assertThat(refused(server, mint + "?subject=ada&audience=orders&ttl=soon"))
                    .isEqualTo("it must be a duration like 10m\n");
            assertThat(refused(server, mint + "?subject=ada&audience=orders&ttl=0s"))
                    .isEqualTo("the ttl is a second or more\n");
            assertThat(server.get(mint.replace("/mint", "/other")).statusCode()).isEqualTo(404);

            int port = URI.create(server.told("keys")).getPort();
            assertThat(run("identity", "serve", "--port", String.valueOf(port))).isEqualTo(1);
            assertThat(err.toString(UTF_8)).startsWith("identity serve: the server cannot listen at 127.0.0.1:" + port);
        }
    }

    private static String refused(Serving server, String address) throws Exception {
        HttpResponse<String> answer = server.get(address);
        assertThat(answer.statusCode()).isEqualTo(400);
        return answer.body();
    }

    @Test
    void mintWhenAgainThenTheSameKeyThatOnlyItsOwnerReads() throws Exception {
        Path folder = parent.resolve("development");
        Files.createDirectory(folder);
        Files.writeString(folder.resolve(".gitignore"), "*");
        assertThat(mint(folder)).isZero();
        Path file = folder.resolve(DevelopmentKey.FILE);
        String key = Files.readString(file);
        assertThat(mint(folder)).isZero();

        assertThat(file).hasContent(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(out.toString(UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mint", "serve"})
    void identityWhenFolderHasKeysOfAGatewayThenRefused(String command) throws Exception {
        Path folder = parent.resolve("keys");
        assertThat(run("keys", folder.toString())).isZero();
        List<Path> before = list(folder);

        int code = command.equals("mint") ? mint(folder) : run("identity", "serve", "--keys", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .contains("is not one for development, because it holds '"
                        + before.get(0).getFileName());
        assertThat(list(folder)).isEqualTo(before);
    }

    /** A key set that got the name of a development key is still none. */
    @Test
    void mintWhenAKeySetIsRenamedThenRefused() throws Exception {
        Path folder = parent.resolve("keys");
        assertThat(run("keys", folder.toString())).isZero();
        Files.move(list(folder).get(0), folder.resolve(DevelopmentKey.FILE));

        assertThat(mint(folder)).isEqualTo(1);

        assertThat(err.toString(UTF_8)).contains(DevelopmentKey.FILE).contains("JWK");
    }

    @Test
    void gatewayWhenFolderHasADevelopmentKeyThenRefuses() {
        Path folder = parent.resolve("development");
        assertThat(mint(folder)).isZero();

        assertThat(KeyFolder.check(folder, Optional.empty()).errors())
                .singleElement()
                .asString()
                .contains(DevelopmentKey.FILE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --ttl 0s     | the ttl is a second or more
                    --roles a,,b | a role is not blank
                    """)
    void mintWhenAValueIsWrongThenSaysSoAndMakesNoKey(String options, String sentence) {
        Path folder = parent.resolve("development");

        assertThat(mint(folder, options.split(" ", -1))).isEqualTo(2);

        assertThat(err.toString(UTF_8)).startsWith("identity").contains(sentence);
        assertThat(folder).doesNotExist();
    }

    private static List<Path> list(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private int mint(Path folder, String... options) {
        return run(Stream.concat(
                        Stream.of(
                                "identity",
                                "mint",
                                "--keys",
                                folder.toString(),
                                "--subject",
                                "ada",
                                "--audience",
                                "orders"),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private int run(String... words) {
        PrintStream output = new PrintStream(out, true, UTF_8);
        return GatewayCommand.run(words, InputStream.nullInputStream(), output, new PrintStream(err, true, UTF_8))
                .orElseThrow();
    }

    /** The command in a thread, on any port, as it would run in a terminal. */
    private static final class Serving implements AutoCloseable {

        private static final int LINES = 4;

        private final Map<String, String> said = new HashMap<>();
        private final Thread thread;

        Serving(String... options) throws Exception {
            PipedInputStream terminal = new PipedInputStream();
            PrintStream output = new PrintStream(new PipedOutputStream(terminal), true, UTF_8);
            String[] words = Stream.concat(Stream.of("identity", "serve", "--port", "0"), Stream.of(options))
                    .toArray(String[]::new);
            thread = new Thread(() -> {
                try (output) {
                    GatewayCommand.run(words, InputStream.nullInputStream(), output, output);
                }
            });
            thread.start();
            BufferedReader lines = new BufferedReader(new InputStreamReader(terminal, UTF_8));
            for (int line = 0; line < LINES; line++) {
                String text = lines.readLine();
                assertThat(text).as("line " + line).isNotNull();
                String[] parts = text.split(" +", 2);
                said.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
        }

        String told(String name) {
            assertThat(said).containsKey(name);
            return said.getOrDefault(name, "");
        }

        HttpResponse<String> get(String address) throws Exception {
            return CLIENT.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join(10_000);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
