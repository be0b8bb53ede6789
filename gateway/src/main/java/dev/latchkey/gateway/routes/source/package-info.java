/** The bytes of the routes files, from wherever they are kept; knows no route. */
@NullMarked
package dev.latchkey.gateway.routes.source;

import org.jspecify.annotations.NullMarked;
