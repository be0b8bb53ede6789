/** From a presented access token to what is known about it. */
@NullMarked
package dev.latchkey.gateway.pipeline.verification;

import org.jspecify.annotations.NullMarked;
