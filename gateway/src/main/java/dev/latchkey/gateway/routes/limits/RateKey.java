package dev.latchkey.gateway.routes.limits;

/** Whose requests are counted together. */
public enum RateKey {
    /** Those of one signed-in user; where nobody is signed in, those of one address. */
    SUBJECT,
    /** Those of one client address; for IPv6, of one /64, which is what one client has. */
    ADDRESS,
    /** All of the route. */
    ROUTE
}
