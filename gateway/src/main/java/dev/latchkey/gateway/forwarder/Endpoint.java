package dev.latchkey.gateway.forwarder;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jspecify.annotations.Nullable;

/**
 * Where a backend is and how it is spoken to. Equal endpoints share their connections, so a route makes its endpoint
 * once, and not for each request.
 */
public final class Endpoint {

    private final String host;
    private final int port;
    private final @Nullable BackendTls tls;
    private final InetSocketAddress address;
    private final List<SNIServerName> serverNames;
    private final int hash;
    private final String authority;

    private Endpoint(String host, int port, @Nullable BackendTls tls) {
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        this.host = isBracketed ? host.substring(1, host.length() - 1) : host;
        this.port = port;
        this.tls = tls;
        this.address = address(this.host, port);
        this.serverNames = serverNames(this.host, address.isUnresolved());
        this.hash = Objects.hash(this.host, port, tls);
        this.authority = authority(this.host, port, tls == null ? 80 : 443);
    }

    /**
     * Speaks HTTP in the clear.
     *
     * @param host a name, or an address, that of IPv6 with or without brackets
     */
    public static Endpoint plain(String host, int port) {
        return new Endpoint(host, port, null);
    }

    /** Speaks HTTP through TLS; the host is sent as server name (SNI) and must be in the backend's certificate. */
    public static Endpoint secure(String host, int port, BackendTls tls) {
        return new Endpoint(host, port, tls);
    }

    private static String authority(String host, int port, int usual) {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == usual ? name : name + ":" + port;
    }

    /** What a request for it has as {@code Host}: without the port that the scheme implies (RFC 9110 section 7.2). */
    public String authority() {
        return authority;
    }

    private static InetSocketAddress address(String host, int port) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return literal == null
                    ? InetSocketAddress.createUnresolved(host, port)
                    : new InetSocketAddress(InetAddress.getByAddress(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** RFC 6066 section 3. Of names that are not host names (with an underscore, say), none is sent. */
    private static List<SNIServerName> serverNames(String host, boolean isName) {
        try {
            return isName ? List.of(new SNIHostName(host)) : List.of();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    @Nullable
    BackendTls tls() {
        return tls;
    }

    /** Resolved if the host is an address. */
    InetSocketAddress address() {
        return address;
    }

    /** What TLS says of whom it asks for. */
    List<SNIServerName> serverNames() {
        return serverNames;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Endpoint that
                        && hash == that.hash
                        && port == that.port
                        && host.equals(that.host)
                        && Objects.equals(tls, that.tls));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return (tls == null ? "http://" : "https://") + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
