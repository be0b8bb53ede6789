/** The client's address, behind the proxies that are trusted. */
@NullMarked
package dev.latchkey.gateway.pipeline.client;

import org.jspecify.annotations.NullMarked;
