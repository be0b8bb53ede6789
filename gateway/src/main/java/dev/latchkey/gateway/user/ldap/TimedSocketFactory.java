package dev.latchkey.gateway.user.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes sockets on which no read waits for longer than a limit. JNDI sets one for the handshake of {@code ldaps://} and
 * none for that of StartTLS (RFC 4511, section 4.14), so a directory that falls silent there would keep a thread.
 */
final class TimedSocketFactory extends SSLSocketFactory {

    private final SSLSocketFactory sockets;
    private final int limit;

    TimedSocketFactory(SSLSocketFactory sockets, Duration limit) {
        this.sockets = sockets;
        this.limit = (int) limit.toMillis();
    }

    private Socket timed(Socket made) throws IOException {
        made.setSoTimeout(limit);
        return made;
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        return timed(sockets.createSocket(plain, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return timed(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return timed(sockets.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return timed(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return timed(sockets.createSocket(host, port, from, fromPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
