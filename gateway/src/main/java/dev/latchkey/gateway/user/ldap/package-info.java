/** Users kept in a directory that speaks LDAP (RFC 4511). Types of JNDI and Spring LDAP stay here. */
@NullMarked
package dev.latchkey.gateway.user.ldap;

import org.jspecify.annotations.NullMarked;
