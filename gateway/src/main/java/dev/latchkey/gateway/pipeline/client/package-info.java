/** The client's address, also behind trusted proxies. */
@NullMarked
package dev.latchkey.gateway.pipeline.client;

import org.jspecify.annotations.NullMarked;
