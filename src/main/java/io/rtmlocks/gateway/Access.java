// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

/** What a login gives. */
public record Access(Rights rights, long expiresAtUtcMillis) {}
