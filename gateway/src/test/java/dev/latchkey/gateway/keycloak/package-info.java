/** Stories told with a real Keycloak, which starts once for all of them. */
package dev.latchkey.gateway.keycloak;
