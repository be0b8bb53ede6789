/** One strict YAML reader for every file that operators write: data with its positions, and what is wrong with it. */
@NullMarked
package dev.latchkey.gateway.yaml;

import org.jspecify.annotations.NullMarked;
