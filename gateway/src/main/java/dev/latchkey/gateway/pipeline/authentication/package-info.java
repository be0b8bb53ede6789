/** Who is asking: extraction, verification and rotation in one, shared by the routes and the sign-in endpoints. */
@NullMarked
package dev.latchkey.gateway.pipeline.authentication;

import org.jspecify.annotations.NullMarked;
