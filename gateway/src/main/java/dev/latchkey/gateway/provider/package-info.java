/**
 * OpenID Providers: their configuration and metadata, and every message to and from them. Nimbus builds, parses and
 * validates; Reactor Netty sends, once.
 */
@NullMarked
package dev.latchkey.gateway.provider;

import org.jspecify.annotations.NullMarked;
