package dev.latchkey.gateway.differential;

import java.util.List;

/** One connection to gateways that stop, and what is asked on it. */
interface StoppedLine {

    /** Connects and asks, and comes back when all has come as far as it can before the stop. */
    Open open(Side side);

    /** It with one side. */
    interface Open {

        /** The stop has begun: what was held is so no more. */
        void goOn();

        /** Adds the answers, and says how the connection ended. */
        String end(List<Reply> replies);
    }
}
