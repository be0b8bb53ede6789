package dev.latchkey.gateway.token;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who signs the tokens: the {@code iss} claim (RFC 7519 section 4.1.1), always as configured, never from a token. */
public record Issuer(String value) {

    public Issuer {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an issuer is not blank");
        }
    }

    /**
     * Where the libraries of backends look for the metadata of an issuer: behind its path (OpenID Connect Discovery 1.0
     * section 4.1), between its host and its path (RFC 8414 section 3.1), and at the root of the host, which is where a
     * request arrives if a proxy removes the path.
     *
     * @param metadata paths of the metadata; none where the issuer has no place of its own
     * @param keys further paths of the public keys, beside {@link EndpointPaths#JWKS}
     * @param keysAddress the address of the public keys; empty where there is no metadata
     */
    public record Discovery(Set<String> metadata, Set<String> keys, String keysAddress) {

        /** No metadata, because the issuer is not an address. */
        public static final Discovery NONE = new Discovery(Set.of(), Set.of(), "");

        /** Why an issuer has no metadata. */
        public static final String WHY_NONE =
                "latchkey.issuer is not an http or https address of a host and, at most, a"
                        + " port and a path of letters, digits, '-', '_', '~' and '.'";

        private static final List<String> NAMES =
                List.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server");
        private static final Pattern ADDRESS =
                Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/?");

        public Discovery {
            metadata = Set.copyOf(metadata);
            keys = Set.copyOf(keys);
        }

        /** {@link #NONE} for a name, a URN, and an address that has more than these parts. */
        public static Discovery of(Issuer issuer) {
            Matcher address = ADDRESS.matcher(issuer.value());
            if (!address.matches() || URI.create(issuer.value()).getHost() == null) {
                return NONE;
            }
            String path = address.group(1);
            Set<String> metadata = Stream.concat(
                            NAMES.stream(), NAMES.stream().flatMap(name -> Stream.of(path + name, name + path)))
                    .collect(Collectors.toSet());
            Set<String> keys = path.isEmpty() ? Set.of() : Set.of(path + EndpointPaths.JWKS);
            return new Discovery(metadata, keys, issuer.value().replaceFirst("/$", "") + EndpointPaths.JWKS);
        }

        /** The paths of the metadata and the further ones of the keys. */
        public Set<String> all() {
            return Stream.concat(metadata.stream(), keys.stream()).collect(Collectors.toUnmodifiableSet());
        }
    }
}
