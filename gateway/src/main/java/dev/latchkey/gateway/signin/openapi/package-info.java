/** The description of the endpoints under the prefix, for programs. */
@NullMarked
package dev.latchkey.gateway.signin.openapi;

import org.jspecify.annotations.NullMarked;
