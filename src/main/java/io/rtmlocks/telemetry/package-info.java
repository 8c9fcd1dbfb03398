// SPDX-License-Identifier: Apache-2.0
/** What a node says about itself: the vocabulary of its metrics, and how they are counted. */
@NullMarked
package io.rtmlocks.telemetry;

import org.jspecify.annotations.NullMarked;
