/** May a browser send this request from where it stands. */
@NullMarked
package dev.latchkey.gateway.pipeline.crosssite;

import org.jspecify.annotations.NullMarked;
