// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which login tokens are for this service, beside being signed and in force.
 *
 * @param algorithms those that may sign; what a token says of itself never adds one
 * @param issuer what {@code iss} must be, empty when it does not matter
 * @param audience what {@code aud} must be or contain; empty when a token must not be for anybody in particular
 */
public record TokenRules(Set<TokenAlgorithm> algorithms, String issuer, String audience) {
    public TokenRules {
        algorithms = Collections.unmodifiableSet(EnumSet.copyOf(algorithms));
    }
}
