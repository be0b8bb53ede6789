package dev.latchkey.gateway.exchange;

/** A backend's answer, on its way to the client: its head is in the exchange's response. */
public interface BackendAnswer {

    /** It is not the one that the client gets: takes it back from the response, which must not be committed. */
    void discard();

    /** It was passed on, or nobody waits for it any more: closes what it still holds. */
    void cancel();
}
