/** Joins the steps of a request in order; holds no rule of its own. */
@NullMarked
package dev.latchkey.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
