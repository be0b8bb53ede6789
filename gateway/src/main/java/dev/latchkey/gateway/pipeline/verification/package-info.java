/** Whether a presented access token is accepted. */
@NullMarked
package dev.latchkey.gateway.pipeline.verification;

import org.jspecify.annotations.NullMarked;
