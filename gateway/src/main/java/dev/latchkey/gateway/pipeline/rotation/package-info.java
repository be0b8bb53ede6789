/** From a refresh token to a new pair, and whether that pair may still be set when the response leaves. */
@NullMarked
package dev.latchkey.gateway.pipeline.rotation;

import org.jspecify.annotations.NullMarked;
