package dev.latchkey.gateway.pipeline.crosssite;

import java.util.List;

/** Makes this room's parts for tests of others. */
public final class CrossSiteFixtures {

    private CrossSiteFixtures() {}

    public static CrossOriginAccess access(String... allowedOrigins) {
        return new CrossOriginAccess(new CrossSiteProperties(List.of(allowedOrigins)));
    }
}
