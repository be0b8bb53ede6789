/** Certificates for tests that speak TLS. */
package dev.latchkey.gateway.testing.tls;
