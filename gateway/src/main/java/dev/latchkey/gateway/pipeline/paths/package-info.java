/** Request targets that servers read in more than one way. */
@NullMarked
package dev.latchkey.gateway.pipeline.paths;

import org.jspecify.annotations.NullMarked;
