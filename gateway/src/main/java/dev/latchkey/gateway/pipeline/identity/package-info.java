/** From the caller's claims to a signed identity token for one audience. */
@NullMarked
package dev.latchkey.gateway.pipeline.identity;

import org.jspecify.annotations.NullMarked;
