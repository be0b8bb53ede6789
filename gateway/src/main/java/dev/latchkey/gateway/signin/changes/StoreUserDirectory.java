package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.cookie.CookieBudget;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChange;
import dev.latchkey.gateway.user.PasswordChange.Changed;
import dev.latchkey.gateway.user.PasswordChange.Failed;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserLookup;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.store.StoreAnswer;
import dev.latchkey.gateway.user.store.StoreLookups;
import dev.latchkey.gateway.user.store.StorePasswords;
import dev.latchkey.gateway.user.store.StoreSignIns;
import dev.latchkey.gateway.user.store.StoredUser;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The users of a store, as all nodes agree on them: what a look-up finds changed is concluded at once and recorded in
 * Redis, and what was recorded after the store was asked counts in place of a remembered answer. That a user is gone is
 * concluded by {@link StoreWatch} alone, which sees whether nearly all are: until then they get 503.
 */
@Component
@ConditionalOnUserSource({UserSource.POSTGRESQL, UserSource.MONGODB, UserSource.LDAP})
final class StoreUserDirectory implements UserDirectory {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreUserDirectory.class);

    private final StoreLookups lookups;
    private final StoreSignIns signIns;
    private final StorePasswords passwords;
    private final UserRecords records;
    private final UserConclusions conclusions;
    private final CookieBudget budget;
    private final ThrottledLog log = new ThrottledLog(LOGGER, Level.WARN);

    StoreUserDirectory(
            StoreLookups lookups,
            StoreSignIns signIns,
            StorePasswords passwords,
            UserRecords records,
            UserConclusions conclusions,
            Issuer issuer,
            CookieProperties cookies) {
        this.lookups = lookups;
        this.signIns = signIns;
        this.passwords = passwords;
        this.records = records;
        this.conclusions = conclusions;
        this.budget = new CookieBudget(issuer, cookies.names());
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.zip(lookups.find(subject), records.find(subject))
                .flatMap(both -> agreed(subject, both.getT1(), both.getT2()))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    /** Also records that the user has a session now, so that the store is asked for changes as long as one can live. */
    @Override
    public Mono<UserLookup> findNow(Subject subject) {
        return Mono.zip(lookups.findNow(subject), records.find(subject))
                .flatMap(both -> agreed(subject, both.getT1(), both.getT2())
                        .flatMap(lookup -> lookup instanceof UserLookup.Found
                                ? noted(subject, both.getT1()).thenReturn(lookup)
                                : Mono.just(lookup)))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    /** Another hash than that of the user's sessions ends them before the new session begins. */
    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return signIns.authenticate(name, password)
                .flatMap(answer -> answer.map(this::entering).orElseGet(() -> Mono.just(new UserLookup.Absent())))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    @Override
    public boolean changesPasswords() {
        return passwords.mayBeReplaced();
    }

    /** Recorded by this node at once; another that finds it before that comes to the same end, with the same reason. */
    @Override
    public Mono<PasswordChange> changePassword(User confirmed, Password next) {
        return passwords
                .replace(confirmed, next)
                .flatMap(changed -> changed.map(this::replaced).orElseGet(() -> Mono.just(Failed.OUTDATED)))
                .onErrorReturn(Failed.UNAVAILABLE);
    }

    private Mono<PasswordChange> replaced(User user) {
        return conclusions
                .written(user.subject(), UserState.ofOwnChoice(user))
                .<PasswordChange>thenReturn(new Changed(user))
                .onErrorReturn(Failed.STORED_ONLY);
    }

    private Mono<UserLookup> entering(StoreAnswer answer) {
        User user = answer.user().orElseThrow().user();
        return records.find(user.subject())
                .flatMap(record -> agreed(user.subject(), answer, record))
                .map(lookup -> sameOrAbsent(user, lookup));
    }

    /** A password that was changed while it was checked is not accepted. */
    private static UserLookup sameOrAbsent(User user, UserLookup lookup) {
        return lookup.fold(
                found -> found.credentialStamp().equals(user.credentialStamp()) ? lookup : new UserLookup.Absent(),
                () -> lookup,
                () -> lookup);
    }

    private Mono<UserLookup> agreed(Subject subject, StoreAnswer answer, Optional<UserRecord> record) {
        UserState says = UserState.of(answer.user());
        if (record.isEmpty()) {
            return says.isGone()
                    ? Mono.just(new UserLookup.Absent())
                    : noted(subject, answer).thenReturn(lookup(answer.active().map(StoredUser::user)));
        }
        UserRecord known = record.get();
        if (known.revision() > answer.asked().toEpochMilli()) {
            return Mono.just(lookup(recorded(subject, known, answer)));
        }
        if (says.isGone() && known.mayEnter()) {
            return Mono.just(new UserLookup.Unavailable());
        }
        return conclusions
                .draw(subject, says, answer.asked().toEpochMilli(), known)
                .thenReturn(lookup(answer.active().map(StoredUser::user)));
    }

    private Mono<Void> noted(Subject subject, StoreAnswer answer) {
        return conclusions.noted(
                subject, UserState.of(answer.user()), answer.asked().toEpochMilli());
    }

    /** Name and address are not recorded: they are those that the store said last. */
    private static Optional<User> recorded(Subject subject, UserRecord record, StoreAnswer answer) {
        User known = new User(subject, record.roles(), record.stamp());
        return Optional.of(answer.user()
                        .map(StoredUser::user)
                        .map(known::withProfileOf)
                        .orElse(known))
                .filter(user -> record.mayEnter());
    }

    /** Tokens that fit no cookie would sign the user out: without name and address they may fit. */
    private UserLookup lookup(Optional<User> user) {
        if (user.isEmpty()) {
            return new UserLookup.Absent();
        }
        User known = user.get();
        if (budget.fits(known.subject(), known.roles(), known.claims())) {
            return new UserLookup.Found(known);
        }
        if (budget.fits(known.subject(), known.roles())) {
            return new UserLookup.Found(new User(known.subject(), known.roles(), known.credentialStamp()));
        }
        log.write("users: a user can neither sign in nor stay signed in", "their roles do not fit a cookie of 4 kB");
        return new UserLookup.Unavailable();
    }
}
