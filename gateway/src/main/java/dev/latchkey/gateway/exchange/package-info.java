/** What the steps of one request leave to each other in its exchange. */
@NullMarked
package dev.latchkey.gateway.exchange;

import org.jspecify.annotations.NullMarked;
