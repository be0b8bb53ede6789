/** What the steps before and behind the table of routes need to know of it. */
@NullMarked
package dev.latchkey.gateway.pipeline.matching;

import org.jspecify.annotations.NullMarked;
