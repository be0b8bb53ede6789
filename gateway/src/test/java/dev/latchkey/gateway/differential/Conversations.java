package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Answer.Reading;
import dev.latchkey.gateway.differential.Answer.Then;
import dev.latchkey.gateway.differential.Conversation.Leniency;
import dev.latchkey.gateway.differential.Step.Abort;
import dev.latchkey.gateway.differential.Step.AwaitArrival;
import dev.latchkey.gateway.differential.Step.AwaitHead;
import dev.latchkey.gateway.differential.Step.Keep;
import dev.latchkey.gateway.differential.Step.Meanwhile;
import dev.latchkey.gateway.differential.Step.Release;
import dev.latchkey.gateway.differential.Step.RoundTrip;
import dev.latchkey.gateway.differential.Step.Send;
import dev.latchkey.gateway.differential.Step.SendIfAsked;
import dev.latchkey.gateway.differential.Step.SendIfSwitched;
import dev.latchkey.gateway.differential.Step.Streams;
import dev.latchkey.gateway.differential.Step.Take;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Makes one conversation by chance. */
final class Conversations {

    private static final List<String> ATTACKS = Attacks.all();
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_STREAMS = 3;

    private final Choice choice;
    private final int number;
    private final Transport transport;
    private final Asks asks;
    private final AnswerScripts answers;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Answer> script = new HashMap<>();

    private Conversations(long seed, int number) {
        this.choice = new Choice(seed, number);
        this.number = number;
        this.transport = Transport.of(seed, number);
        this.asks = new Asks(choice, transport.scheme());
        this.answers = new AnswerScripts(choice);
    }

    /** The conversation of this number in the round of this seed. */
    static Conversation of(long seed, int number) {
        return new Conversations(seed, number).next();
    }

    /** The same, if this happens in it. */
    static Conversation of(long seed, int number, Happening within) {
        Conversations made = new Conversations(seed, number);
        return switch (within) {
            case ADDRESSES -> made.moving(within.toString());
            case CIRCUIT -> made.failing(within.toString(), "/circuit/x", 6);
            case EJECTION -> made.failing(within.toString(), "/by-name/x", 10);
            case PROOF -> made.proven(within.toString(), Side::bindAnew);
            case RELAYED, LAPSED -> made.relayed(within.toString());
            case SIGN_OUT_OF_SOCKET -> made.signedOutSocket(within.toString());
            default -> made.within(within);
        };
    }

    private Conversation next() {
        int die = choice.below(100);
        if (die < 45) {
            return several();
        }
        if (die < 57) {
            return streams();
        }
        if (die < 62) {
            return socket();
        }
        if (die < 74) {
            return attack();
        }
        if (die < 82) {
            return left();
        }
        if (die < 88) {
            return early();
        }
        if (die < 93) {
            return expecting();
        }
        return die < 97 ? proven("proven", Side::bind) : several();
    }

    private Conversation made(String kind, Leniency leniency) {
        Optional<String> keeper = choice.oneIn(3) ? Optional.empty() : Optional.of(choice.of(Side.USERS));
        return new Conversation(kind, transport, List.copyOf(steps), Map.copyOf(script), keeper, leniency);
    }

    /** Several requests one behind the other, sent at once or each when the last was answered. */
    private Conversation several() {
        int count = choice.oneIn(2) ? 1 : 2 + choice.below(MOST_AT_ONCE - 1);
        boolean isPipelined = choice.oneIn(2);
        List<Ask> all = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            Ask ask = asks.next(number + "-" + each);
            all.add(ask);
            boolean isLast = each == count - 1;
            script.put(
                    ask.id(), isLast && choice.oneIn(15) ? answers.surplus(ask.method()) : answers.next(ask.method()));
        }
        if (isPipelined) {
            send(all.stream().map(Ask::all).reduce("", String::concat));
            all.forEach(this::take);
        } else {
            for (Ask ask : all) {
                send(ask.all());
                take(ask);
                steps.add(new RoundTrip());
            }
        }
        return made(isPipelined ? "pipelined" : "in turn", Leniency.REFUSED);
    }

    /** In some pieces; a round trip elsewhere may lie between two. */
    private void send(String bytes) {
        List<String> parts = choice.oneIn(2) ? List.of(bytes) : choice.parts(bytes, 5);
        steps.add(new Send(parts.get(0)));
        for (String part : parts.subList(1, parts.size())) {
            if (choice.oneIn(2)) {
                steps.add(new RoundTrip());
            }
            steps.add(new Send(part));
        }
    }

    private void take(Ask ask) {
        if (script.get(ask.id()).held() != Answer.NEVER) {
            steps.add(new AwaitHead());
            steps.add(new Release(ask.id()));
        }
        steps.add(new Take(ask.method()));
    }

    /** Requests by HTTP/2; of those at once, none may be the one that gets new cookies. */
    private Conversation streams() {
        boolean areAtOnce = choice.oneIn(3);
        List<StreamAsk> all = new ArrayList<>();
        for (int count = 1 + choice.below(MOST_STREAMS); count > 0; count--) {
            StreamAsk ask = asks.stream(number + "-" + all.size(), areAtOnce);
            all.add(ask);
            script.put(ask.id(), answers.next(ask.method()));
        }
        steps.add(new Streams(all, areAtOnce));
        return made("by HTTP/2", Leniency.REFUSED);
    }

    /** A WebSocket, if the backend is asked for it, and switches. */
    private Conversation socket() {
        if (choice.oneIn(6)) {
            return hastySocket();
        }
        Ask ask = asks.handshake(number + "-0");
        Answer answer = answers.handshake();
        script.put(ask.id(), answer);
        send(ask.all());
        if (answer.then() != Then.SWITCHED) {
            take(ask);
            return made("socket", Leniency.REFUSED);
        }
        steps.add(new Take("GET"));
        for (String part : choice.parts(Frames.fromClient(choice) + Frames.CLIENT_CLOSES, 3)) {
            steps.add(new SendIfSwitched(part));
            steps.add(new Release(ask.id()));
        }
        return made("socket", Leniency.REFUSED);
    }

    /** Its client does not wait for the answer, which is a good one for certain: frames would be read as requests. */
    private Conversation hastySocket() {
        Ask ask = asks.handshakeOf(choice.of(Side.USERS), number + "-0", "/open/x");
        script.put(ask.id(), answers.switching(Frames.SWITCHING));
        send(ask.all() + Frames.fromClient(choice));
        steps.add(new Take("GET"));
        steps.add(new Release(ask.id()));
        steps.add(new SendIfSwitched(Frames.fromClient(choice) + Frames.CLIENT_CLOSES));
        return made("socket", Leniency.REFUSED);
    }

    /** The gateway ends it, between two frames of its client. */
    private Conversation signedOutSocket(String kind) {
        String user = choice.of(Side.USERS);
        Ask ask = asks.handshakeOf(user, number + "-0", "/api/x");
        String frames = Frames.fromClient(choice);
        script.put(
                ask.id(), new Answer(List.of(Frames.SWITCHING + "\r\n"), Answer.NEVER, Then.SWITCHED, Reading.WHOLE));
        steps.add(new Meanwhile(user + " signs in", side -> side.signIn(user)));
        steps.add(new Send(ask.all()));
        steps.add(new Take("GET"));
        steps.add(new SendIfSwitched(frames));
        steps.add(new AwaitArrival(ask.id(), frames.length()));
        steps.add(new Meanwhile(kind, side -> side.signOut(user, false)));
        return made(kind, Leniency.REFUSED);
    }

    /**
     * Of the user whose session began at a provider, to routes that relay its token. The lane carries them once this
     * node has the token.
     */
    private Conversation relayed(String kind) {
        List<String> paths = List.of("/relayed/x", "/relayed/x", "/exchanged/x", "/exchanged/x", "/api/x", "/names/x");
        for (int call = 0; call < paths.size(); call++) {
            sendAndTake(
                    asks.ofBrowser(CompanyProvider.USER, number + "-" + call, paths.get(call)), answers.right("GET"));
            steps.add(new Keep(CompanyProvider.USER));
        }
        return made(kind, Leniency.REFUSED);
    }

    private Conversation attack() {
        String bytes = choice.of(ATTACKS);
        send(bytes);
        steps.add(new Take(bytes.startsWith("HEAD ") ? "HEAD" : "GET"));
        return made("attack", Leniency.CUT);
    }

    /** The client leaves: within the head, within the body, while the backend thinks, within the answer. */
    private Conversation left() {
        Ask ask = asks.plain(number + "-0", choice.of("GET", "POST"), choice.text(2000));
        String all = ask.all();
        switch (choice.below(4)) {
            case 0 -> {
                steps.add(new Send(all.substring(0, choice.below(ask.head().length() - 3))));
                steps.add(new RoundTrip());
            }
            case 1 -> {
                steps.add(new Send(all.substring(
                        0, ask.head().length() + choice.below(ask.body().length()))));
                steps.add(new AwaitArrival(ask.id(), 0));
            }
            case 2 -> {
                script.put(ask.id(), answers.inTwo().held(0));
                steps.add(new Send(all));
                steps.add(new AwaitArrival(ask.id(), ask.content().length()));
            }
            default -> {
                script.put(ask.id(), answers.inTwo());
                steps.add(new Send(all));
                steps.add(new AwaitHead());
            }
        }
        steps.add(new Abort(choice.oneIn(2)));
        return made("left", Leniency.CUT);
    }

    /** The answer comes before the body is whole; the client sends the rest of it, or does not. */
    private Conversation early() {
        String content = choice.text(choice.of(10, 5_000, 300_000));
        Ask ask = asks.plain(number + "-0", "POST", content);
        Answer answer = answers.right("POST").reading(Reading.EARLY);
        script.put(ask.id(), answer);
        int sent = ask.head().length() + choice.below(ask.body().length());
        steps.add(new Send(ask.all().substring(0, sent)));
        steps.add(new AwaitHead());
        steps.add(new Send(ask.all().substring(sent)));
        take(ask);
        return made("early", Leniency.CUT);
    }

    /** The client waits with its body for what the backend says (RFC 9110 section 10.1.1). */
    private Conversation expecting() {
        Ask plain = asks.plain(number + "-0", "POST", choice.text(choice.of(10, 5_000)));
        String lines =
                choice.of("Expect: 100-continue", "expect: 100-Continue", "Connection: Expect\r\nExpect: 100-continue");
        String head = plain.head().replace("X-Case:", lines + "\r\nX-Case:");
        boolean isRefused = choice.oneIn(2);
        script.put(plain.id(), answers.right("POST").reading(isRefused ? Reading.EARLY : Reading.CONTINUE));
        steps.add(new Send(head));
        steps.add(new SendIfAsked(plain.body()));
        steps.add(new Take("POST"));
        return made("expecting", Leniency.CUT);
    }

    /** A client with a key, which begins with a request that is right. */
    private Conversation proven(String kind, BiConsumer<Side, String> bind) {
        String user = choice.of(Side.LOCAL_USERS);
        steps.add(new Meanwhile(user + " has a key", side -> bind.accept(side, user)));
        sendAndTake(asks.proven(user, number + "-0"), answers.right("GET"));
        for (int more = choice.below(MOST_AT_ONCE); more > 0; more--) {
            Ask ask = asks.provenSomehow(user, number + "-" + more);
            sendAndTake(ask, answers.right(ask.method()));
        }
        return made(kind, Leniency.REFUSED);
    }

    /** A backend whose addresses change; each of them is asked before and after. */
    private Conversation moving(String kind) {
        for (int call = 0; call < 6; call++) {
            if (call == 3) {
                steps.add(new Meanwhile("its addresses change", Side::changeAddresses));
            }
            sendAndTake(
                    asks.of(choice.of(Side.USERS), number + "-" + call, "GET", "/by-name/x", ""), answers.right("GET"));
        }
        return made(kind, Leniency.REFUSED);
    }

    /** A backend that fails for a while. */
    private Conversation failing(String kind, String path, int calls) {
        for (int call = 0; call < calls; call++) {
            Ask ask = asks.of(choice.of(Side.USERS), number + "-" + call, "GET", path, "");
            sendAndTake(ask, call < calls - 2 ? answers.failing() : answers.right("GET"));
        }
        return made(kind, Leniency.REFUSED);
    }

    private void sendAndTake(Ask ask, Answer answer) {
        script.put(ask.id(), answer);
        steps.add(new Send(ask.all()));
        take(ask);
    }

    /** Something happens while a body is on its way: that of the request, or that of the answer. */
    private Conversation within(Happening what) {
        boolean isOfRoles = what == Happening.ROLES_WITHIN;
        String user = isOfRoles ? "root" : choice.of(Side.USERS);
        String path = isOfRoles ? "/admin/x" : "/api/x";
        Ask ask = asks.of(user, number + "-0", "POST", path, choice.text(3000));
        script.put(ask.id(), what == Happening.SIGN_OUT_OF_STREAM ? answers.streamInTwo() : answers.plainInTwo());
        boolean isInAnswer = what == Happening.SIGN_OUT_OF_STREAM || choice.oneIn(2);
        Step change = new Meanwhile(what.toString(), side -> change(what, user, side));
        int half = ask.head().length() + 100;
        steps.add(new Meanwhile(user + " signs in", side -> prepare(isOfRoles, user, side)));
        steps.add(new Send(ask.all().substring(0, half)));
        steps.add(new AwaitArrival(ask.id(), 0));
        if (!isInAnswer) {
            steps.add(change);
        }
        steps.add(new Send(ask.all().substring(half)));
        steps.add(new AwaitHead());
        if (isInAnswer) {
            steps.add(change);
        }
        steps.add(new Release(ask.id()));
        steps.add(new Take("POST"));
        Ask again = asks.of(user, number + "-1", "GET", path, "");
        script.put(again.id(), answers.right("GET"));
        steps.add(new Send(again.all()));
        take(again);
        steps.add(new Meanwhile("all sign in", side -> Side.USERS.forEach(each -> prepare(isOfRoles, each, side))));
        return made(what.toString(), Leniency.REFUSED);
    }

    private static void prepare(boolean isOfRoles, String user, Side side) {
        if (isOfRoles) {
            side.changeRoles(true);
        }
        side.signIn(user);
    }

    private static void change(Happening what, String user, Side side) {
        switch (what) {
            case SIGN_OUT_WITHIN, SIGN_OUT_OF_STREAM -> side.signOut(user, false);
            case ROLES_WITHIN -> side.changeRoles(false);
            case ROUTES_WITHIN -> side.changeRoutes();
            case KEYS_WITHIN -> side.changeKeys();
            default -> throw new AssertionError(what);
        }
    }
}
