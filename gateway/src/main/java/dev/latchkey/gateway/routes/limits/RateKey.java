package dev.latchkey.gateway.routes.limits;

/** Whose requests are counted together. */
public enum RateKey {
    /** Those of one signed-in user; without one, those of one address. */
    SUBJECT,
    /** Those of one client address; for IPv6, of one /64, because one client has all of it. */
    ADDRESS,
    ROUTE
}
