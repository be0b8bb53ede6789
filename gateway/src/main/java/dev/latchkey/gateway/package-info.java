/** The front door: reads the tokens of each request, rotates what expired, and forwards with a signed identity. */
@NullMarked
package dev.latchkey.gateway;

import org.jspecify.annotations.NullMarked;
