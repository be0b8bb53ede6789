package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.provider.transport.Transport;
import dev.latchkey.gateway.token.ProviderName;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One OpenID Provider: its name and settings, what it said of itself, and how it is. */
public final class Provider {

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final ProviderName name;
    private final ProviderSettings settings;
    private final LongSupplier nanos;
    private final AtomicLong pausedUntil;
    private volatile Transport transport;
    private volatile @Nullable Metadata metadata;
    private volatile @Nullable String unknown = "its metadata was not read yet";
    private volatile @Nullable String refusal;
    private volatile @Nullable String dpopNonce;

    Provider(ProviderName name, ProviderSettings settings, Transport transport, LongSupplier nanos) {
        this.name = name;
        this.settings = settings;
        this.transport = transport;
        this.nanos = nanos;
        this.pausedUntil = new AtomicLong(nanos.getAsLong());
    }

    public ProviderName name() {
        return name;
    }

    /** What a button says that leads to it. */
    public String label() {
        String label = settings.label();
        return label == null || label.isBlank() ? name.value() : label;
    }

    /** The {@code iss} of its tokens, to the letter. */
    public String issuer() {
        return settings.issuer();
    }

    /** Whether users can sign in with it now; else it answers 503. */
    public boolean isReady() {
        return metadata != null;
    }

    /** What is wrong with it now, in a sentence for operators without anything secret. */
    public Optional<String> trouble() {
        return Optional.ofNullable(refusal).or(() -> Optional.ofNullable(unknown));
    }

    /** Whether its answers to authorization requests must carry its issuer (RFC 9207 section 2.4). */
    public boolean sendsIssuer() {
        return metadata().map(Metadata::sendsIssuer).orElse(false);
    }

    /**
     * Where a browser signs out of it; not every provider has one, and not each that is named is one (OpenID Connect
     * RP-Initiated Logout section 2).
     */
    public Optional<URI> endSessionEndpoint() {
        return metadata()
                .flatMap(Metadata::endSession)
                .filter(there -> settings.preset().signsOutByIdToken());
    }

    /** Whether its users are those of the users directory whom a claim names. */
    public boolean joinsLocalUsers() {
        return settings.localUser().isPresent();
    }

    /** Whether native apps can sign their users in with it. */
    public boolean hasNativeClient() {
        return settings.clientId(ClientType.PUBLIC).isPresent();
    }

    /** Whether a native app may have had its code sent there (RFC 8252 section 8.10). */
    public boolean takesNativeRedirect(String redirect) {
        return settings.nativeRedirectUris().stream().anyMatch(entry -> NativeRedirects.matches(entry, redirect));
    }

    /** How its tokens are refreshed. */
    public Timing timing() {
        return new Timing(settings.callTimeout(), settings.lease(), settings.orphanWait(), settings.recheck());
    }

    ProviderSettings settings() {
        return settings;
    }

    /** By which it is asked. */
    Transport transport() {
        return transport;
    }

    /** From now on asks it by this one, because certificates have changed. */
    void ask(Transport other) {
        transport = other;
    }

    /** Empty until it was read once; after that the last good one. */
    Optional<Metadata> metadata() {
        return Optional.ofNullable(metadata);
    }

    void learn(Metadata read) {
        metadata = read;
        unknown = null;
    }

    /** The metadata could not be read; what was read before stays in use. */
    void miss(String why) {
        unknown = why;
    }

    /** Whether requests are held back because it asked for a pause, or refuses this gateway. */
    boolean isPaused() {
        return nanos.getAsLong() - pausedUntil.get() < 0;
    }

    /** Holds requests back for as long as it asked, but for five minutes at most. */
    void pause(Duration asked) {
        Duration time = asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
        long until = nanos.getAsLong() + time.toNanos();
        pausedUntil.updateAndGet(before -> until - before > 0 ? until : before);
    }

    void refuses(String error) {
        refusal = "it refuses this gateway (" + error + "): its settings here or there are wrong";
    }

    void answersWell() {
        refusal = null;
    }

    /** What it wants to see in the next proof of possession (RFC 9449 section 8). */
    Optional<String> dpopNonce() {
        return Optional.ofNullable(dpopNonce);
    }

    void expectNonce(String nonce) {
        dpopNonce = nonce;
    }

    /**
     * The times of a refresh.
     *
     * @param call how long a token request may take
     * @param lease how long nobody else may send one for the same session
     * @param orphanWait how long to wait after a lease that ended with its request unaccounted for
     * @param recheck how long a session may live without a good answer of the provider while that is in trouble
     */
    public record Timing(Duration call, Duration lease, Duration orphanWait, Duration recheck) {

        /** How often each node looks for requests whose node did not come back. */
        public static final Duration ORPHAN_INTERVAL = Duration.ofSeconds(5);
    }
}
