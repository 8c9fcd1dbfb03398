// SPDX-License-Identifier: Apache-2.0
/** The management port: health, metrics and administration of one node. */
@NullMarked
package io.rtmlocks.ops;

import org.jspecify.annotations.NullMarked;
