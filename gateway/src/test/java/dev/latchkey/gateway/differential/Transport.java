package dev.latchkey.gateway.differential;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What is below HTTP on a client's connection: TCP alone, or TLS besides. */
enum Transport {
    CLEARTEXT("", ""),
    TLS_1_2("TLSv1.2", ""),
    TLS_1_3("TLSv1.3", "http/1.1");

    private static final int CHOICES = 1_000;
    private static final String HTTP_2 = "h2";

    private final String version;
    private final String offered;

    /** @param offered in the handshake by a client of HTTP/1.1 (RFC 7301); empty for one that does not know that */
    Transport(String version, String offered) {
        this.version = version;
        this.offered = offered;
    }

    /** By a choice apart: the conversation of this number is the same over each. */
    static Transport of(long seed, int number) {
        Choice choice = new Choice(seed, CHOICES + number);
        return choice.oneIn(3) ? choice.of(TLS_1_2, TLS_1_3) : CLEARTEXT;
    }

    boolean isSecure() {
        return this != CLEARTEXT;
    }

    String scheme() {
        return isSecure() ? "https" : "http";
    }

    /** For HTTP/1.1. */
    Connection connect(Side side) throws IOException {
        return connect(side, offered);
    }

    /** For HTTP/2. */
    Connection connectForHttp2(Side side) throws IOException {
        Connection made = connect(side, HTTP_2);
        if (made.socket() instanceof SSLSocket tls
                && !tls.getApplicationProtocol().equals(HTTP_2)) {
            throw new IOException("the gateway chose " + tls.getApplicationProtocol());
        }
        return made;
    }

    private Connection connect(Side side, String protocol) throws IOException {
        Tcp tcp = new Tcp(isSecure() ? side.securePort() : side.port());
        if (!isSecure()) {
            return new Connection(tcp, tcp);
        }
        SSLSocket tls = (SSLSocket) side.tls().createSocket(tcp, "localhost", tcp.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocol.isEmpty() ? new String[0] : new String[] {protocol});
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return new Connection(tcp, tls);
    }

    /** @param socket the same as {@code tcp}, or TLS on it */
    record Connection(Tcp tcp, Socket socket) implements Closeable {

        /** Whether the gateway ended it without ending TLS before (RFC 8446 section 6.1), which the JDK forgives. */
        boolean isCutOff() {
            return socket != tcp && tcp.isReadToItsEnd();
        }

        @Override
        public void close() throws IOException {
            if (socket != tcp && !socket.isOutputShutdown()) {
                endTls();
            }
            tcp.close();
        }

        private void endTls() {
            try {
                socket.shutdownOutput();
            } catch (IOException ended) {
                // By the gateway.
            }
        }
    }

    /** Knows whether it was read to its end. */
    static final class Tcp extends Socket {

        private volatile boolean isReadToItsEnd;

        private Tcp(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
            setTcpNoDelay(true);
        }

        boolean isReadToItsEnd() {
            return isReadToItsEnd;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    return noted(super.read());
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    return noted(super.read(into, from, length));
                }
            };
        }

        private int noted(int read) {
            isReadToItsEnd = isReadToItsEnd || read < 0;
            return read;
        }
    }
}
