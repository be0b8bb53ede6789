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

    /** Milliseconds before somebody asks again who was told to wait. */
    private static final long AGAIN = 200;

    private final Driver player;
    private final ClientProfile temper;
    private final Rider rider;
    private final TokenStore wallet;
    private final SeededRandom chance;
    private final OrphanedRequests ghosts;
    private List<Client> everybody = List.of();
    private int underWay;
    private boolean refused;
    private boolean needsRefresh;
    private boolean ended;
    private boolean granted;

    Client(
            Driver player,
            ClientProfile temper,
            Rider rider,
            TokenStore wallet,
            SeededRandom chance,
            OrphanedRequests ghosts) {
        this.player = player;
        this.temper = temper;
        this.rider = rider;
        this.wallet = wallet;
        this.chance = chance;
        this.ghosts = ghosts;
    }

    void begin(List<Client> all) {
        everybody = all;
        next();
    }

    /** Does nothing more of its own. */
    void stop() {
        ended = true;
        granted = false;
    }

    /** One refresh more. */
    void goOn() {
        int node = chance.below(player.stage().size());
        send(new Intent(Operation.REFRESH, "", node, AGAIN, 0, 0, false, false));
    }

    /** Who was signed out has nothing to go on with. */
    boolean hasGoneOn() {
        return !isSignedIn() || (ended && granted);
    }

    private void next() {
        Schedule agenda = player.agenda();
        agenda.at(agenda.now() + chance.between(0, temper.rest()), () -> {
            if (!ended) {
                act();
                next();
            }
        });
    }

    private void act() {
        Operation wanted = chance.of(temper.acts());
        if (!isSignedIn()) {
            signIn();
        } else if (needsRefresh) {
            send(intent(Operation.REFRESH, ""));
        } else if (wanted == Operation.SIGN_IN) {
            signIn();
        } else if (wanted == Operation.END_OTHER) {
            other().ifPresent(it -> send(intent(Operation.END_OTHER, it)));
        } else {
            send(intent(wanted, ""));
            burst(wanted);
        }
    }

    /** A page asks for many things at once. */
    private void burst(Operation wanted) {
        if (wanted == Operation.GET && chance.oneIn(4)) {
            int more = chance.below(BURST);
            for (int i = 0; i < more; i++) {
                send(intent(chance.oneIn(4) ? Operation.REFRESH : Operation.GET, ""));
            }
        }
    }

    /** If nothing is under way. */
    void signIn() {
        if (underWay == 0) {
            send(Intent.prompt(
                    Operation.SIGN_IN, rider.user(), chance.below(player.stage().size())));
        }
    }

    private Intent intent(Operation act, String argument) {
        boolean isEnding = act.ends();
        return new Intent(
                act,
                argument,
                chance.below(player.stage().size()),
                chance.travel(temper.travel()),
                chance.travel(temper.travel()),
                chance.between(1, temper.hold()),
                chance.oneIn(LOSES_ONE_IN) && !isEnding,
                act == Operation.SLOW_GET && chance.oneIn(HANGS_UP_ONE_IN));
    }

    private void send(Intent intent) {
        underWay++;
        player.send(rider, wallet, intent, this::land);
    }

    private void land(Landing landing) {
        underWay--;
        landing.answer().ifPresent(answer -> take(landing.exchange(), answer));
    }

    private void take(Exchange exchange, HttpResponse<String> answer) {
        wallet.take(exchange, answer);
        if (exchange.refused()) {
            refused |= exchange.presented().refresh().isPresent();
            needsRefresh = exchange.presented().refresh().isEmpty();
        } else if (exchange.act() == Operation.SIGN_IN && exchange.accepted()) {
            refused = false;
            needsRefresh = false;
        } else if (exchange.act() == Operation.REFRESH) {
            needsRefresh = false;
            granted = exchange.accepted();
        }
        session().filter(it -> isSignedIn()).ifPresent(it -> ghosts.remember(rider, wallet, it));
    }

    boolean isSignedIn() {
        return wallet.isSignedIn() && !refused;
    }

    /** The session of another client of this user. */
    private Optional<String> other() {
        return everybody.stream()
                .filter(it -> it != this && it.rider.user().equals(rider.user()))
                .flatMap(it -> it.session().stream())
                .findFirst();
    }

    private Optional<String> session() {
        return wallet.presented(Operation.REFRESH).refresh().map(TokenFacts::session);
    }

    @Override
    public String toString() {
        return rider.client();
    }
}
