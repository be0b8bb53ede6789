/** Users kept in MongoDB. Types of its driver stay here. */
@NullMarked
package dev.latchkey.gateway.user.mongodb;

import org.jspecify.annotations.NullMarked;
