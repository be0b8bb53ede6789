package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;

/**
 * The tokens that a request's rotation made, and those that it came with, which decide how they are given back. They
 * may be set only while they are the newest: {@code Rotation.maySet}.
 */
public record NewTokens(PresentedTokens presented, Rotated rotated) {}
