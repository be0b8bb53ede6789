/** The gateway with a strict provider that others wrote: sign-in, refreshes and their faults, and ends of sessions. */
package dev.latchkey.gateway.oidcprovider;
