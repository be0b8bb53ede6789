package dev.latchkey.gateway.testing.users;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL with the table of docs/users.md. */
public final class PostgresFixture implements StoreFixture {

    private static final long LIMIT_SECONDS = 30;
    private static final int STOP = 19;
    private static final int CONTINUE = 18;
    private static final int KILL = 9;

    private static final String TABLE = """
            CREATE TABLE users (
                name         text PRIMARY KEY,
                password     text NOT NULL,
                roles        text[] NOT NULL DEFAULT '{}',
                disabled     boolean NOT NULL DEFAULT false,
                display_name text,
                email        text,
                version      text
            )
            """;

    private final Path folder;
    private EmbeddedPostgres server;

    private PostgresFixture(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    public static PostgresFixture start() {
        try {
            Path folder = Files.createTempDirectory("latchkey-postgres");
            PostgresFixture fixture =
                    new PostgresFixture(folder, starting(folder).start());
            fixture.run(TABLE);
            return fixture;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static EmbeddedPostgres.Builder starting(Path folder) {
        return EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false);
    }

    @Override
    public Map<String, Object> properties() {
        return Map.ofEntries(
                Map.entry("latchkey.users.file", ""),
                Map.entry("latchkey.users.source", "postgresql"),
                Map.entry("latchkey.users.postgresql.columns.display-name", "display_name"),
                Map.entry("latchkey.users.postgresql.columns.email", "email"),
                Map.entry("latchkey.users.postgresql.columns.version", "version"),
                Map.entry("latchkey.users.postgresql.writable", true),
                Map.entry("spring.r2dbc.url", "r2dbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres"),
                Map.entry("spring.r2dbc.username", "postgres"),
                Map.entry("spring.r2dbc.password", "postgres"));
    }

    @Override
    public void put(String name, String hash, List<String> roles) {
        delete(name);
        run(
                "INSERT INTO users (name, password, roles, display_name, email) VALUES (?, ?, ?, ?, ?)",
                name,
                hash,
                roles.toArray(String[]::new),
                "Name of " + name,
                name + "@shop.example");
    }

    @Override
    public void disable(String name, boolean disabled) {
        run("UPDATE users SET disabled = ? WHERE name = ?", disabled, name);
    }

    @Override
    public void delete(String name) {
        run("DELETE FROM users WHERE name = ?", name);
    }

    @Override
    public void delete(List<String> names) {
        run("DELETE FROM users WHERE name = ANY (?)", (Object) names.toArray(String[]::new));
    }

    @Override
    public void rehash(String name, String hash) {
        run("UPDATE users SET password = ? WHERE name = ?", hash, name);
    }

    @Override
    public void setRoles(String name, List<String> roles) {
        run("UPDATE users SET roles = ? WHERE name = ?", roles.toArray(String[]::new), name);
    }

    @Override
    public String hash(String name) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT password FROM users WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Any statement, as another program would run it. */
    public void run(String sql, Object... arguments) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(
                        i + 1,
                        arguments[i] instanceof String[] texts
                                ? connection.createArrayOf("text", texts)
                                : arguments[i]);
            }
            statement.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Meanwhile, no other program can write this user. */
    public void whileLocked(String name, Runnable action) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT 1 FROM users WHERE name = ? FOR UPDATE")) {
            connection.setAutoCommit(false);
            statement.setString(1, name);
            statement.execute();
            action.run();
            connection.rollback();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** How many statements wait for such a lock. */
    public int waiting() {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void stop() {
        signal(STOP);
    }

    @Override
    public void resume() {
        signal(CONTINUE);
    }

    @Override
    public void kill() {
        signal(KILL);
    }

    @Override
    public void restart() {
        try {
            int port = server.getPort();
            server.close();
            Files.deleteIfExists(folder.resolve("postmaster.pid"));
            server = starting(folder).setPort(port).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Each connection has a process of its own. */
    private void signal(int number) {
        ProcessHandle server = ProcessHandle.of(pid()).orElseThrow();
        List<String> pids = Stream.concat(Stream.of(server), server.descendants())
                .map(process -> Long.toString(process.pid()))
                .toList();
        try {
            Process kill = new ProcessBuilder(Stream.concat(Stream.of("kill", "-" + number), pids.stream())
                            .toList())
                    .inheritIO()
                    .start();
            kill.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private long pid() {
        try {
            return Long.parseLong(
                    Files.readAllLines(folder.resolve("postmaster.pid")).get(0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
