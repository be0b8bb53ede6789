package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.util.function.Function;

/** What came of a check. */
sealed interface Checked permits Checked.Holder, ProofFault {

    default <R> R fold(Function<KeyThumbprint, R> holder, Function<ProofFault, R> fault) {
        return this instanceof Holder proven ? holder.apply(proven.key) : fault.apply((ProofFault) this);
    }

    /** The request's sender holds this key. */
    record Holder(KeyThumbprint key) implements Checked {}
}
