package dev.latchkey.gateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Of tests that say what the lane does: they would pass for nothing, or fail, where stories are told without it. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(named = "test.lane", matches = "off", disabledReason = "it is about the lane, which is off")
public @interface AboutTheLane {}
