// SPDX-License-Identifier: Apache-2.0
/** The node's front: sockets, sessions, authentication, limits and subscriptions of the clients connected here. */
@NullMarked
package io.rtmlocks.gateway;

import org.jspecify.annotations.NullMarked;
