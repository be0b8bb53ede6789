package dev.latchkey.gateway.testing.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What lies between a gateway and a store in this process, which can fall silent or break all connections. */
final class StoreRelay implements AutoCloseable {

    private static final int BUFFER = 16_384;

    private final int target;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Object silence = new Object();
    private boolean silent;
    private volatile ServerSocket listener;

    StoreRelay(int target) {
        this.target = target;
        this.listener = listen(0);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Connections stay open, new ones are accepted, and nothing passes. */
    void stop() {
        synchronized (silence) {
            silent = true;
        }
    }

    void resume() {
        synchronized (silence) {
            silent = false;
            silence.notifyAll();
        }
    }

    /** Breaks all connections and refuses new ones. */
    void kill() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void restart() {
        listener = listen(port());
    }

    private ServerSocket listen(int port) {
        try {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            start("relay", () -> accept(opened));
            return opened;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                start("relay-up", () -> pass(client, server));
                start("relay-down", () -> pass(server, client));
            } catch (IOException gone) {
                // the next one may get through
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                awaitSound();
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException closed) {
            // both ends close with it
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitSound() throws InterruptedException {
        synchronized (silence) {
            while (silent) {
                silence.wait();
            }
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        resume();
        kill();
    }
}
