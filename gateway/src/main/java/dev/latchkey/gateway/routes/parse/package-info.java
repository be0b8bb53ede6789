/** From the text of the files to routes, or to everything that is wrong with them. */
@NullMarked
package dev.latchkey.gateway.routes.parse;

import org.jspecify.annotations.NullMarked;
