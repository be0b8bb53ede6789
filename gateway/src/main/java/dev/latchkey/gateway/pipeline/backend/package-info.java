/** Sends the request of an exchange to its backend, and passes on the answer. */
@NullMarked
package dev.latchkey.gateway.pipeline.backend;

import org.jspecify.annotations.NullMarked;
