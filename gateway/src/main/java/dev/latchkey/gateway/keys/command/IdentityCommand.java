package dev.latchkey.gateway.keys.command;

import dev.latchkey.gateway.keys.DevelopmentKey;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Subject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.netty.DisposableServer;

/** {@code java -jar gateway.jar identity}: identity tokens for a developer of a backend who runs no gateway. */
@Command(
        name = "identity",
        description = {
            "Identity tokens for developing a backend without a gateway.",
            "They are signed with a key of their own, which no gateway has; a folder of a gateway's keys is refused.",
            "Exit code: 0 done, 1 failed, 2 called wrongly."
        })
public final class IdentityCommand {

    private static final int DONE = 0;
    private static final int LAST_PORT = 65_535;

    /** Without a configuration, these would write their steps between what is printed. */
    private static final List<String> CHATTY =
            List.of("dev.latchkey.gateway.crypto", "io.netty", "reactor", "org.springframework");

    private final InstantSource clock;
    private final PrintStream out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Never prints a key. */
    public IdentityCommand(InstantSource clock, PrintStream out) {
        this.clock = clock;
        this.out = out;
    }

    @Command(
            name = "mint",
            description = {
                "Prints an identity token, signed with the development key of a folder.",
                "'identity serve' with the same folder publishes the key that verifies it."
            })
    int mint(
            @Option(
                            names = "--keys",
                            paramLabel = "DIR",
                            required = true,
                            description = "A folder for the development key alone; the key is made if there is none.")
                    Path folder,
            @Option(names = "--subject", paramLabel = "NAME", required = true, description = "Who is signed in.")
                    String subject,
            @Option(
                            names = "--audience",
                            paramLabel = "NAME",
                            required = true,
                            description = "The audience that the backend expects.")
                    String audience,
            @Option(
                            names = "--roles",
                            paramLabel = "ROLE,ROLE",
                            defaultValue = "",
                            description = "The roles of the subject; none if not given.")
                    String roles,
            @Mixin Profile profile,
            @Option(
                            names = "--issuer",
                            paramLabel = "ISSUER",
                            defaultValue = IdentityServer.DEFAULT_ISSUER,
                            description = "The issuer that the backend expects; ${DEFAULT-VALUE} if not given.")
                    String issuer,
            @Option(
                            names = "--ttl",
                            paramLabel = "DURATION",
                            converter = DurationConverter.class,
                            defaultValue = MintedIdentity.DEFAULT_TTL,
                            description = "How long it lives, such as 8h; ${DEFAULT-VALUE} if not given.")
                    Duration ttl) {
        MintedIdentity identity = checked(() -> new MintedIdentity(
                new Subject(subject),
                MintedIdentity.roles(roles),
                new Audience(audience),
                Optional.ofNullable(profile.name),
                Optional.ofNullable(profile.email),
                ttl));
        Issuer of = checked(() -> new Issuer(issuer));
        mute();
        out.println(identity.token(DevelopmentKey.in(folder).signer(of, clock), clock));
        return DONE;
    }

    private static void mute() {
        LoggingSystem logging = LoggingSystem.get(IdentityCommand.class.getClassLoader());
        CHATTY.forEach(logger -> logging.setLogLevel(logger, LogLevel.WARN));
    }

    /** What is no value of an option was called wrongly. */
    private <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
        }
    }

    @Command(
            name = "serve",
            description = {
                "Publishes the development key and the metadata that lead to it, and mints tokens:",
                "  GET " + IdentityServer.MINT + "?subject=ada&roles=customer&audience=orders",
                "with name, email and ttl, if wanted. Anyone who reaches it may ask. Ends with Ctrl-C."
            })
    int serve(
            @Option(
                            names = "--keys",
                            paramLabel = "DIR",
                            description = "As with 'identity mint'; without it, the key is forgotten at the end.")
                    @Nullable
                    Path folder,
            @Option(
                            names = "--address",
                            paramLabel = "ADDRESS",
                            defaultValue = "127.0.0.1",
                            description = "Where to listen; ${DEFAULT-VALUE} if not given.")
                    String address,
            @Option(
                            names = "--port",
                            paramLabel = "PORT",
                            defaultValue = IdentityServer.DEFAULT_PORT,
                            description = "${DEFAULT-VALUE} if not given; 0 for any that is free.")
                    int port,
            @Option(
                            names = "--issuer",
                            paramLabel = "ISSUER",
                            description = "The issuer of the tokens, which backends must reach this server by;"
                                    + " http://localhost:PORT if not given.")
                    @Nullable
                    String issuer) {
        if (port < 0 || port > LAST_PORT) {
            throw new ParameterException(spec.commandLine(), "a port lies between 0 and " + LAST_PORT);
        }
        Optional<Issuer> of = Optional.ofNullable(issuer).map(value -> checked(() -> new Issuer(value)));
        mute();
        DevelopmentKey key = folder == null ? DevelopmentKey.inMemory() : DevelopmentKey.in(folder);
        IdentityServer server = new IdentityServer(key, clock, of);
        DisposableServer running = server.start(address, port);
        try {
            server.lines(running.port()).forEach(out::println);
            running.onDispose().block();
        } finally {
            running.disposeNow();
        }
        return DONE;
    }

    /** What people read of a user. */
    static final class Profile {

        @Option(names = "--name", paramLabel = "NAME", description = "Their display name.")
        private @Nullable String name;

        @Option(names = "--email", paramLabel = "ADDRESS", description = "Their e-mail address.")
        private @Nullable String email;
    }
}
