/** The same conversations with two gateways that carry requests in different ways, and a judge who compares them. */
package dev.latchkey.gateway.differential;
