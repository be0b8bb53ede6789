/** An API gateway that checks the tokens of each request, renews expired ones, and forwards with a signed identity. */
@NullMarked
package dev.latchkey.gateway;

import org.jspecify.annotations.NullMarked;
