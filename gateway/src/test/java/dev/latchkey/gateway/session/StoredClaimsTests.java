package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which claims of a record can be read: a session with others ends, and its user signs in again. */
final class StoredClaimsTests {

    @Test
    void parseWhenALaterVersionWroteThemThenReadAllTheSame() {
        assertThat(StoredClaims.parse(
                        "{'stamp':'s','provider':{'id':'corp','roles':['a'],'zone':1},'zone':1}".replace('\'', '"')))
                .hasValueSatisfying(claims -> assertThat(claims.stamp()).isEqualTo("s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "{}",
                "{'stamp':null}",
                "{'stamp':'s','provider':{}}",
                "{'stamp':'s','provider':{'id':'Corp'}}",
                "{'stamp':'s','provider':{'id':'corp','roles':[null]}}",
                "{'stamp':'s','provider':{'id':'corp','roles':{}}}",
                "{'stamp':'s','provider':{'id':'corp','authTime':9223372036854775807}}",
                "{'stamp':'s','provider':{'id':'corp','authTime':1e400}}"
            })
    void parseWhenTheyAreBrokenThenEmpty(String json) {
        assertThat(StoredClaims.parse(json.replace('\'', '"'))).isEmpty();
    }
}
