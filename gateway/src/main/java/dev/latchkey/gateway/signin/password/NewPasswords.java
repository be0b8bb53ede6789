package dev.latchkey.gateway.signin.password;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.session.SessionReader;
import dev.latchkey.gateway.session.SessionReader.State;
import dev.latchkey.gateway.session.SessionReader.State.Live;
import dev.latchkey.gateway.session.SessionReader.State.Unavailable;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.rules.PasswordRules;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Whether a user can choose a password here, and whether they chose one that may be used. */
@Component
final class NewPasswords {

    /** A part of a host name that is shorter, such as {@code www} or {@code com}, is no name of the service. */
    private static final int SHORTEST_LABEL = 4;

    private final SessionReader sessions;
    private final Optional<PasswordRules> rules;
    private final List<String> serviceNames;

    NewPasswords(
            UserDirectory users,
            SessionReader sessions,
            ObjectProvider<PasswordRules> rules,
            PublicOriginsProperties origins) {
        this.sessions = sessions;
        this.rules = Optional.ofNullable(rules.getIfAvailable()).filter(known -> users.changesPasswords());
        this.serviceNames = Stream.concat(
                        Stream.of("latchkey"), origins.inOrder().stream().flatMap(NewPasswords::labels))
                .distinct()
                .toList();
    }

    private static Stream<String> labels(String origin) {
        return Arrays.stream(Objects.requireNonNullElse(URI.create(origin).getHost(), "")
                        .split("[.-]", -1))
                .filter(label -> label.length() >= SHORTEST_LABEL);
    }

    /** The rules for a user; or why their password cannot be changed here: a provider keeps it, for example. */
    Mono<Result<PasswordRules>> rulesFor(AccessClaims caller) {
        if (rules.isEmpty() || caller.subject().isOfProvider()) {
            return Mono.just(new Failure<>(Problem.PASSWORD_ELSEWHERE));
        }
        return sessions.stateOfAccepted(caller).map(state -> rulesFor(state, rules.get()));
    }

    /** Where the configuration joins the two, a user of the directory may have signed in with a provider. */
    private static Result<PasswordRules> rulesFor(State state, PasswordRules known) {
        if (state instanceof Live live) {
            return live.session().provider().isPresent()
                    ? new Failure<>(Problem.PASSWORD_ELSEWHERE)
                    : new Success<>(known);
        }
        return new Failure<>(state instanceof Unavailable ? Problem.UNAVAILABLE : Problem.UNAUTHENTICATED);
    }

    /** The old and the new password of a request. */
    Result<Choice> chosen(RequestBody body, AccessClaims caller, PasswordRules known) {
        Optional<Password> old = body.field("currentPassword").map(Password::new);
        Optional<Password> next = body.field("newPassword").map(Password::new);
        if (old.isEmpty() || next.isEmpty()) {
            return new Failure<>(Problem.malformed("A currentPassword and a newPassword are needed"));
        }
        boolean isTwice = body.field("newPasswordAgain")
                .filter(again -> !again.equals(next.get().value()))
                .isEmpty();
        return (isTwice
                        ? known.refusal(next.get(), old.get(), names(caller))
                        : Optional.of("The new password was not typed twice in the same way"))
                .<Result<Choice>>map(sentence -> new Failure<>(Problem.passwordRefused(sentence)))
                .orElseGet(() -> new Success<>(new Choice(old.get(), next.get())));
    }

    private List<String> names(AccessClaims caller) {
        Stream<String> own = Stream.of(
                        Optional.of(caller.subject().value()),
                        caller.provider().name(),
                        caller.provider().email(),
                        caller.provider().email().map(address -> address.replaceAll("@.*", "")))
                .flatMap(Optional::stream);
        return Stream.concat(
                        own.flatMap(name -> Stream.concat(Stream.of(name), Arrays.stream(name.split(" ", -1)))),
                        serviceNames.stream())
                .toList();
    }

    /** What a user typed, of which neither is shown. */
    record Choice(Password old, Password next) {}
}
