/** The forms in which programs write password hashes: which texts are one, what a check of it costs, and the check. */
@NullMarked
package dev.latchkey.gateway.user.hash;

import org.jspecify.annotations.NullMarked;
