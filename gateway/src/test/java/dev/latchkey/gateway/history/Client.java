package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Flight.Landing;
import dev.latchkey.gateway.history.Flight.Rider;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/**
 * An honest client: it keeps to its wallet, has several requests in flight, and signs in again where it was signed out.
 * It does so only when nothing of the older session is under way, as a browser that leaves a page for another.
 */
final class Client {

    private static final int BURST = 6;
    private static final int LOSES_ONE_IN = 12;
    private static final int HANGS_UP_ONE_IN = 5;

    /** Milliseconds before a client that was asked to wait tries again. */
    private static final long AGAIN = 200;

    private final Driver driver;
    private final ClientProfile profile;
    private final Rider rider;
    private final TokenStore tokens;
    private final SeededRandom random;
    private final OrphanedRequests orphans;
    private List<Client> clients = List.of();
    private int underWay;
    private boolean refused;
    private boolean needsRefresh;
    private boolean ended;
    private boolean granted;

    Client(
            Driver driver,
            ClientProfile profile,
            Rider rider,
            TokenStore tokens,
            SeededRandom random,
            OrphanedRequests orphans) {
        this.driver = driver;
        this.profile = profile;
        this.rider = rider;
        this.tokens = tokens;
        this.random = random;
        this.orphans = orphans;
    }

    void begin(List<Client> all) {
        this.clients = all;
        next();
    }

    /** Does nothing more of its own. */
    void stop() {
        ended = true;
        granted = false;
    }

    /** One refresh more. */
    void goOn() {
        int node = random.below(driver.cluster().size());
        send(new Intent(Operation.REFRESH, "", node, AGAIN, 0, 0, false, false));
    }

    /** Who was signed out has nothing to go on with. */
    boolean hasGoneOn() {
        return !isSignedIn() || (ended && granted);
    }

    private void next() {
        Schedule schedule = driver.schedule();
        schedule.at(schedule.now() + random.between(0, profile.rest()), () -> {
            if (!ended) {
                operation();
                next();
            }
        });
    }

    private void operation() {
        Operation wanted = random.of(profile.operations());
        if (!isSignedIn()) {
            signIn();
        } else if (needsRefresh) {
            send(intent(Operation.REFRESH, ""));
        } else if (wanted == Operation.SIGN_IN) {
            signIn();
        } else if (wanted == Operation.END_OTHER) {
            other().ifPresent(session -> send(intent(Operation.END_OTHER, session)));
        } else {
            send(intent(wanted, ""));
            burst(wanted);
        }
    }

    /** A page asks for many things at once. */
    private void burst(Operation wanted) {
        if (wanted == Operation.GET && random.oneIn(4)) {
            int more = random.below(BURST);
            for (int i = 0; i < more; i++) {
                send(intent(random.oneIn(4) ? Operation.REFRESH : Operation.GET, ""));
            }
        }
    }

    /** If nothing is under way. */
    void signIn() {
        if (underWay == 0) {
            send(Intent.prompt(
                    Operation.SIGN_IN,
                    rider.user(),
                    random.below(driver.cluster().size())));
        }
    }

    private Intent intent(Operation operation, String argument) {
        boolean isEnding = operation.ends();
        return new Intent(
                operation,
                argument,
                random.below(driver.cluster().size()),
                random.travel(profile.travel()),
                random.travel(profile.travel()),
                random.between(1, profile.hold()),
                random.oneIn(LOSES_ONE_IN) && !isEnding,
                operation == Operation.SLOW_GET && random.oneIn(HANGS_UP_ONE_IN));
    }

    private void send(Intent intent) {
        underWay++;
        driver.send(rider, tokens, intent, this::land);
    }

    private void land(Landing landing) {
        underWay--;
        landing.answer().ifPresent(answer -> take(landing.exchange(), answer));
    }

    private void take(Exchange exchange, HttpResponse<String> answer) {
        tokens.take(exchange, answer);
        if (exchange.refused()) {
            refused |= exchange.presented().refresh().isPresent();
            needsRefresh = exchange.presented().refresh().isEmpty();
        } else if (exchange.operation() == Operation.SIGN_IN && exchange.accepted()) {
            refused = false;
            needsRefresh = false;
        } else if (exchange.operation() == Operation.REFRESH) {
            needsRefresh = false;
            granted = exchange.accepted();
        }
        session().filter(unused -> isSignedIn()).ifPresent(session -> orphans.remember(rider, tokens, session));
    }

    boolean isSignedIn() {
        return tokens.isSignedIn() && !refused;
    }

    /** The session of another client of this user. */
    private Optional<String> other() {
        return clients.stream()
                .filter(client -> client != this && client.rider.user().equals(rider.user()))
                .flatMap(client -> client.session().stream())
                .findFirst();
    }

    private Optional<String> session() {
        return tokens.presented(Operation.REFRESH).refresh().map(TokenFacts::session);
    }

    @Override
    public String toString() {
        return rider.client();
    }
}
