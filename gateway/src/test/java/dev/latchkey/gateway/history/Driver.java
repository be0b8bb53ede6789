package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Flight.Landing;
import dev.latchkey.gateway.history.Flight.Rider;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Carries requests to the nodes and answers to the clients, each when its fate says, and writes down what it saw. A
 * lost answer is one that a node has really given. All but the nodes and the wire is done by one thread.
 */
final class Driver {

    private final HttpClient wire = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Schedule schedule;
    private final Map<Integer, Flight> flights = new HashMap<>();
    private final Map<Integer, Exchange> exchanges = new HashMap<>();
    private final Endings endings = new Endings();
    private final List<Consumer<Exchange>> witnesses = new ArrayList<>();
    private final Cluster cluster;
    private int count;

    Driver(TimeScale timeScale, Cluster.Setting setting) {
        schedule = new Schedule(timeScale);
        cluster = Cluster.open(setting, number -> schedule.post(() -> held(number)));
    }

    Schedule schedule() {
        return schedule;
    }

    Cluster cluster() {
        return cluster;
    }

    Endings endings() {
        return endings;
    }

    int composed() {
        return count;
    }

    /** Receives each exchange when its answer has left the node. */
    void watch(Consumer<Exchange> witness) {
        witnesses.add(witness);
    }

    List<Exchange> exchanges() {
        return exchanges.values().stream()
                .sorted((one, other) -> Integer.compare(one.number(), other.number()))
                .toList();
    }

    /** Looks into the wallet now, and sends when the way to the node is over. */
    void send(Rider rider, TokenStore tokens, Intent intent, Consumer<Landing> landing) {
        Flight flight = new Flight(++count, rider, tokens.copy(), intent, schedule.now(), landing);
        flights.put(flight.number(), flight);
        schedule.at(schedule.now() + intent.there(), () -> arrive(flight));
    }

    private void arrive(Flight flight) {
        Intent intent = flight.intent();
        String argument = intent.argument().isEmpty() ? Integer.toString(flight.number()) : intent.argument();
        int node = cluster.upNear(intent.node());
        schedule.thinks(flight.number());
        var request = flight.tokens()
                .request(cluster.url(node), intent.operation(), argument)
                .build();
        var pending = wire.sendAsync(request, BodyHandlers.ofString());
        flight.sent(node, schedule.now(), pending);
        CompletableFuture<Void> unused = pending.handle((answer, failure) -> {
            long now = schedule.now();
            long trueNow = TimeScale.trueTime();
            schedule.post(() -> answered(flight, Optional.ofNullable(answer), now, trueNow));
            return null;
        });
    }

    private void answered(Flight flight, Optional<HttpResponse<String>> answer, long now, long trueNow) {
        if (flight.end()) {
            finish(flight, answer, flight.record(answer, now, trueNow, false));
        }
    }

    private void finish(Flight flight, Optional<HttpResponse<String>> answer, Exchange exchange) {
        schedule.rests(flight.number());
        exchanges.put(exchange.number(), exchange);
        endings.note(exchange, session -> false);
        witnesses.forEach(witness -> witness.accept(exchange));
        boolean arrives = answer.isPresent() && !flight.intent().lost();
        long back = arrives ? flight.intent().back() : 0;
        schedule.at(schedule.now() + back, () -> {
            flights.remove(flight.number());
            flight.land(exchange, arrives ? answer : Optional.empty());
        });
    }

    /** The backend has it: now only time, or the client, ends the waiting. */
    private void held(int number) {
        Flight flight = flights.get(number);
        if (flight == null || flight.isOver()) {
            cluster.release(number);
            return;
        }
        schedule.rests(number);
        schedule.at(schedule.now() + flight.intent().hold(), () -> release(flight));
    }

    private void release(Flight flight) {
        if (flight.intent().hangsUp() && flight.end()) {
            flight.hangUp();
            finish(
                    flight,
                    Optional.empty(),
                    flight.record(Optional.empty(), schedule.now(), TimeScale.trueTime(), true));
        } else if (!flight.isOver()) {
            schedule.thinks(flight.number());
        }
        cluster.release(flight.number());
    }
}
