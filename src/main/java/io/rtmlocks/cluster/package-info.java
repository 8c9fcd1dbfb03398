// SPDX-License-Identifier: Apache-2.0
/** Which nodes there are, how they find each other, and with whom a cluster began. The only package that knows Hazelcast. */
@NullMarked
package io.rtmlocks.cluster;

import org.jspecify.annotations.NullMarked;
