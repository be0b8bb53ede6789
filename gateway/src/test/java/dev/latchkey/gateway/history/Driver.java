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
    private final Schedule agenda;
    private final Map<Integer, Flight> flights = new HashMap<>();
    private final Map<Integer, Exchange> exchanges = new HashMap<>();
    private final Endings endings = new Endings();
    private final List<Consumer<Exchange>> witnesses = new ArrayList<>();
    private final Cluster stage;
    private int count;

    Driver(TimeScale pace, Cluster.Setting setting) {
        agenda = new Schedule(pace);
        stage = Cluster.open(setting, number -> agenda.post(() -> held(number)));
    }

    Schedule agenda() {
        return agenda;
    }

    Cluster stage() {
        return stage;
    }

    Endings endings() {
        return endings;
    }

    int composed() {
        return count;
    }

    boolean isQuiet() {
        return flights.isEmpty();
    }

    /** Is told of each exchange when its answer has left the node. */
    void watch(Consumer<Exchange> witness) {
        witnesses.add(witness);
    }

    List<Exchange> exchanges() {
        return exchanges.values().stream()
                .sorted((one, other) -> Integer.compare(one.number(), other.number()))
                .toList();
    }

    /** Looks into the wallet now, and sends when the way to the node is over. */
    void send(Rider rider, TokenStore wallet, Intent intent, Consumer<Landing> landing) {
        Flight flight = new Flight(++count, rider, wallet.copy(), intent, agenda.now(), landing);
        flights.put(flight.number(), flight);
        agenda.at(agenda.now() + intent.there(), () -> arrive(flight));
    }

    private void arrive(Flight flight) {
        Intent intent = flight.intent();
        String argument = intent.argument().isEmpty() ? Integer.toString(flight.number()) : intent.argument();
        int node = stage.upNear(intent.node());
        agenda.thinks(flight.number());
        var request =
                flight.wallet().request(stage.url(node), intent.act(), argument).build();
        var pending = wire.sendAsync(request, BodyHandlers.ofString());
        flight.sent(node, agenda.now(), pending);
        CompletableFuture<Void> unused = pending.handle((answer, failure) -> {
            long now = agenda.now();
            long trueNow = TimeScale.trueTime();
            agenda.post(() -> answered(flight, Optional.ofNullable(answer), now, trueNow));
            return null;
        });
    }

    private void answered(Flight flight, Optional<HttpResponse<String>> answer, long now, long trueNow) {
        if (flight.end()) {
            finish(flight, answer, flight.record(answer, now, trueNow, false));
        }
    }

    private void finish(Flight flight, Optional<HttpResponse<String>> answer, Exchange exchange) {
        agenda.rests(flight.number());
        exchanges.put(exchange.number(), exchange);
        endings.note(exchange, session -> false);
        witnesses.forEach(it -> it.accept(exchange));
        boolean arrives = answer.isPresent() && !flight.intent().lost();
        long back = arrives ? flight.intent().back() : 0;
        agenda.at(agenda.now() + back, () -> {
            flights.remove(flight.number());
            flight.land(exchange, arrives ? answer : Optional.empty());
        });
    }

    /** The backend has it: now only time, or the client, ends the waiting. */
    private void held(int number) {
        Flight flight = flights.get(number);
        if (flight == null || flight.isOver()) {
            stage.release(number);
            return;
        }
        agenda.rests(number);
        agenda.at(agenda.now() + flight.intent().hold(), () -> release(flight));
    }

    private void release(Flight flight) {
        if (flight.intent().hangsUp() && flight.end()) {
            flight.hangUp();
            finish(flight, Optional.empty(), flight.record(Optional.empty(), agenda.now(), TimeScale.trueTime(), true));
        } else if (!flight.isOver()) {
            agenda.thinks(flight.number());
        }
        stage.release(flight.number());
    }
}
