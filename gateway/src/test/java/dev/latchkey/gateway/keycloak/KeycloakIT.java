package dev.latchkey.gateway.keycloak;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** All stories with Keycloak, in one JVM, because each JVM would start one of its own. */
@Suite
@SelectClasses({
    SignInStories.class,
    ChromiumStories.class,
    StepUpStories.class,
    RelayStories.class,
    RefreshStories.class,
    LogoutStories.class
})
final class KeycloakIT {}
