package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.DurableFile;
import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PrivateJwk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The key of identity tokens for developers of backends. It is never one of a gateway, because anyone who mints tokens
 * with such a key is any user at all backends of that gateway. So its folder holds this key alone, a folder that holds
 * anything else is refused, and a gateway refuses a folder that holds this key, as it is not a key set.
 */
public final class DevelopmentKey {

    static final String FILE = "development-key.json";

    private static final int MOST_BYTES = 4_096;
    private static final int EC_BITS = 256;

    private final KeySets keys;

    private DevelopmentKey(IdentityKey identity, String id) {
        KeySet made = KeySet.make(IdentityAlgorithm.ES256, Instant.EPOCH, Instant.EPOCH);
        KeySet set =
                new KeySet(made.created(), made.access(), made.refresh(), new TimedKey<>(id, Instant.EPOCH, identity));
        this.keys = KeySets.of(
                List.of(set), Optional.empty(), new KeySets.Lifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    /** A new one, which is forgotten with the process. */
    public static DevelopmentKey inMemory() {
        TimedKey<IdentityKey> made = make();
        return new DevelopmentKey(made.key(), made.id());
    }

    /**
     * That of a folder, made if the folder is empty or missing. Hidden files do not count.
     *
     * @throws UnusableFileException if the folder holds anything else, or cannot be read or written
     */
    public static DevelopmentKey in(Path folder) {
        try {
            DurableFile.createFolder(folder);
            refuseOthers(folder);
            Path file = folder.resolve(FILE);
            if (!Files.exists(file)) {
                byte[] made = make().key().privateJwk().getBytes(StandardCharsets.UTF_8);
                DurableFile.write(folder, FILE, made);
            }
            return read(file);
        } catch (IOException failed) {
            throw wrong(
                    folder, "the folder cannot be used (" + failed.getClass().getSimpleName() + ")");
        }
    }

    private static TimedKey<IdentityKey> make() {
        return KeySet.make(IdentityAlgorithm.ES256, Instant.EPOCH, Instant.EPOCH)
                .identity();
    }

    private static void refuseOthers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Optional<String> other = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(FILE) && !name.startsWith("."))
                    .sorted()
                    .findFirst();
            if (other.isPresent()) {
                throw wrong(
                        folder,
                        "the folder is not one for development, because it holds '" + other.get()
                                + "'. A gateway's keys never sign tokens for developers:"
                                + " its backends would accept them");
            }
        }
    }

    private static DevelopmentKey read(Path file) throws IOException {
        try {
            String text = new String(FileLocation.read(file, MOST_BYTES), StandardCharsets.UTF_8);
            if (Jwks.parser().build().parse(text) instanceof PrivateJwk<?, ?, ?> jwk
                    && jwk.getId() != null
                    && jwk.toPublicJwk().toKey() instanceof ECPublicKey key
                    && key.getParams().getCurve().getField().getFieldSize() == EC_BITS) {
                KeyPair pair = jwk.toKeyPair().toJavaKeyPair();
                return new DevelopmentKey(IdentityKey.of(jwk.getId(), IdentityAlgorithm.ES256, pair), jwk.getId());
            }
        } catch (JwtException | IllegalArgumentException unreadable) {
            throw wrong(file, "the file has no readable JWK");
        }
        throw wrong(file, "the file is not a private P-256 JWK with a kid");
    }

    private static UnusableFileException wrong(Path place, String sentence) {
        return new UnusableFileException(
                "identity ",
                List.of(new Fault(Position.start(place.toString()), sentence)),
                "Name an empty folder, or none.");
    }

    /** Signs as a gateway does. */
    public IdentityTokenSigner signer(Issuer issuer, InstantSource clock) {
        return new IdentityTokenSigner(() -> keys, issuer, clock);
    }

    /** The public key and the metadata that lead to it, at the paths where a gateway of this issuer has them. */
    public RouterFunction<ServerResponse> published(Issuer issuer, InstantSource clock) {
        return new JwksEndpoint(() -> keys, issuer, clock).route();
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "DevelopmentKey[" + keys.identity().ids() + "]";
    }
}
